// Passkeys. A form with data-passkey is shown where the browser has them; sending it asks the device first and puts
// the answer into its field "credential". data-options is what the device is asked, data-from where to fetch that.
"use strict";

(() => {
  const bytes = (text) => {
    const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
    return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
  };
  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  const named = (list) => list?.map((each) => ({ ...each, id: bytes(each.id) }));

  const create = async (key) => {
    const publicKey = {
      ...key,
      challenge: bytes(key.challenge),
      user: { ...key.user, id: bytes(key.user.id) },
      excludeCredentials: named(key.excludeCredentials),
      authenticatorSelection: { residentKey: "required", requireResidentKey: true, userVerification: "required" },
    };
    const made = await navigator.credentials.create({ publicKey });
    return answer(made, {
      clientDataJSON: text(made.response.clientDataJSON),
      attestationObject: text(made.response.attestationObject),
    });
  };

  const get = async (key) => {
    const publicKey = { ...key, challenge: bytes(key.challenge), allowCredentials: named(key.allowCredentials) };
    const found = await navigator.credentials.get({ publicKey });
    const { userHandle } = found.response;
    return answer(found, {
      clientDataJSON: text(found.response.clientDataJSON),
      authenticatorData: text(found.response.authenticatorData),
      signature: text(found.response.signature),
      userHandle: userHandle ? text(userHandle) : null,
    });
  };

  const answer = (credential, response) => ({
    type: credential.type,
    id: credential.id,
    rawId: text(credential.rawId),
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
    response,
  });

  const options = async (form) => {
    if (form.dataset.options) return JSON.parse(form.dataset.options);
    const reply = await fetch(form.dataset.from, { headers: { Accept: "application/json" } });
    if (!reply.ok) throw new Error("no options");
    return (await reply.json()).request_options;
  };

  const why = (error) =>
    error.name === "InvalidStateError"
      ? "This device has a passkey for the account already."
      : "Nothing came from the device. Try again, or choose another way.";

  for (const form of document.querySelectorAll("form[data-passkey]")) {
    if (!window.PublicKeyCredential) continue;
    form.hidden = false;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const problem = form.querySelector("[role=alert][hidden], .field__error[role=alert]");
      try {
        const { publicKey } = await options(form);
        const ask = form.dataset.passkey === "create" ? create : get;
        form.elements.credential.value = JSON.stringify(await ask(publicKey));
        form.submit();
      } catch (error) {
        problem.textContent = why(error);
        problem.hidden = false;
      }
    });
  }
})();
