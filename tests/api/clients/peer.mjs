// The peer's JavaScript client against the server at argv[2] with the key argv[3]: every call in scope, once.
import * as peer from "form4api";

const [url, key] = process.argv.slice(2);
const Client = peer.Form4ApiClient;
const client = new Client({ apiKey: key, baseUrl: url, maxRetries: 0 });

const must = (condition, words) => {
  if (!condition) throw new Error(words);
};

const rows = await client.transactions.list({ perPage: 50 });
must(rows.length === 50, "a full page");
must(typeof rows[0].sharesAmount === "number", "numbers are numbers");
const { ticker, insiderCik, accessionNumber } = rows[0];

let walked = 0;
for await (const page of client.transactions.paginate({ perPage: 500 })) walked += page.length;

must((await client.filings.list({ limit: 3 })).length === 3, "filings");
must((await client.filings.recent()).length > 0, "recent");
must((await client.filings.get(accessionNumber)).accessionNumber === accessionNumber, "a filing");
must((await client.companies.list()).length > 0, "companies");
must((await client.companies.get(ticker)).ticker === ticker, "a company");
must((await client.companies.insiders(ticker)).length > 0, "its insiders");
must((await client.insiders.list({ name: "halloran" })).length > 0, "insiders");
await client.insiders.directory({ letter: "H" });
must((await client.insiders.get(insiderCik)).cik === insiderCik, "an insider");
must((await client.insiders.transactions(insiderCik)).length > 0, "their lines");
await client.insiders.summary(insiderCik);
await client.insiders.scorecard(insiderCik);
await client.insiders.leaderboard();
const signals = await client.signals.list({ clusterBuy: true });
must(signals.length > 0 && signals[0].isClusterBuy, "clusters");
await client.signals.explain(signals[0].ticker);
await client.signals.sentiment(ticker);
await client.stats.get();
await client.dataQuality.get();
await client.status.history();

const failure = async (call) => {
  try {
    await call();
  } catch (error) {
    return error.constructor.name;
  }
  return "nothing";
};
const missing = await failure(() => client.companies.get("NOSUCH"));
const refused = await failure(() => new Client({ apiKey: "wrong", baseUrl: url, maxRetries: 0 }).filings.recent());
console.log(JSON.stringify({ walked, missing, refused }));
