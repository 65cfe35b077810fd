"""`make archive N=1000000 OUT=var/archive`: an invented archive of any size, to be loaded with `manage.py ingest`."""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from rich.console import Console

from form4site.kit.progress import progress
from tests.archive import make


def main() -> None:
    parser = argparse.ArgumentParser(prog="make archive", description=__doc__)
    parser.add_argument("--filings", type=int, default=50_000)
    parser.add_argument("--out", type=Path, default=Path("var/archive"))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--zip", action="store_true", help="zips in place of folders")
    parser.add_argument(
        "--submissions",
        type=float,
        default=0.0,
        metavar="SHARE",
        help="full submissions too, of this share of the last quarter",
    )
    options = parser.parse_args()
    if options.filings < 100:
        parser.error("an archive has at least 100 filings")
    began = time.perf_counter()
    make.clear(options.out)
    with progress("Inventing filings", options.filings) as step:
        sets = make.make(filings=options.filings, out=options.out, seed=options.seed, zipped=options.zip, step=step)
    took = time.perf_counter() - began
    console = Console()
    console.print(
        f"{options.filings:,} filings in {len(sets)} quarters below {options.out}: {options.filings / took:,.0f}/s"
    )
    if options.submissions:
        count = make.submissions(sets[-1], options.submissions, options.out / "submissions")
        console.print(f"and {count:,} full submissions in {options.out / 'submissions'}")


if __name__ == "__main__":
    main()
