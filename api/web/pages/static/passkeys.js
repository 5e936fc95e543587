// Passkeys: hands the service's options to the authenticator and its answer back.
(function () {
  "use strict";
  if (!window.PublicKeyCredential) return;
  function bytes(text) {
    var raw = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(raw, function (one) { return one.charCodeAt(0); });
  }
  function text(buffer) {
    return btoa(String.fromCharCode.apply(null, new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  }
  function post(address, body, csrf) {
    var headers = { "content-type": "application/json" };
    if (csrf) headers["x-csrf"] = csrf;
    return fetch(address, { method: "POST", body: JSON.stringify(body), headers: headers, credentials: "same-origin" }).then(function (answer) {
      if (!answer.ok) throw new Error("refused");
      return answer.json();
    });
  }
  function said(credential) {
    var response = {};
    ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"].forEach(function (name) {
      if (credential.response[name]) response[name] = text(credential.response[name]);
    });
    return { id: credential.id, rawId: text(credential.rawId), type: credential.type, response: response, clientExtensionResults: {} };
  }
  function known(list) {
    return (list || []).map(function (one) { return { id: bytes(one.id), type: one.type }; });
  }
  var adding = document.querySelector("[data-passkey]");
  if (adding) {
    adding.hidden = false;
    var csrf = adding.dataset.passkey, status = adding.querySelector("[role=status]");
    adding.querySelector("button").addEventListener("click", function () {
      post("/you/passkeys/begin", {}, csrf).then(function (options) {
        options.challenge = bytes(options.challenge);
        options.user.id = bytes(options.user.id);
        options.excludeCredentials = known(options.excludeCredentials);
        return navigator.credentials.create({ publicKey: options });
      }).then(function (made) {
        return post("/you/passkeys", { answer: said(made), label: document.getElementById("label").value || "Passkey" }, csrf);
      }).then(function () { location.reload(); }).catch(function () { status.textContent = status.dataset.refused; });
    });
  }
  var entering = document.querySelector("[data-passkey-sign-in]");
  if (entering) {
    entering.hidden = false;
    entering.addEventListener("click", function () {
      var ticket = entering.dataset.ticket || "";
      post("/sign-in/passkey/begin", { ticket: ticket }).then(function (options) {
        options.challenge = bytes(options.challenge);
        options.allowCredentials = known(options.allowCredentials);
        return navigator.credentials.get({ publicKey: options });
      }).then(function (made) { return post("/sign-in/passkey", said(made)); })
        .then(function () { location.assign("/"); })
        .catch(function () { entering.nextElementSibling.textContent = entering.dataset.refused; });
    });
  }
})();
