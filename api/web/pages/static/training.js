// What the script adds to the training room: keys, and asking again for what the class says.
(function () {
  "use strict";
  var keys = { " ": "ArrowRight", PageDown: "ArrowRight", PageUp: "ArrowLeft" };
  function typing(element) {
    return element && (/^(INPUT|SELECT|TEXTAREA)$/.test(element.tagName) || element.isContentEditable);
  }
  function press(selector) {
    var found = document.querySelector(selector);
    if (found) found.click();
    return Boolean(found);
  }
  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.altKey || event.metaKey || typing(event.target)) return;
    if (event.key === " " && /^(BUTTON|A|SUMMARY)$/.test(event.target.tagName)) return;
    var key = keys[event.key] || event.key, done = false;
    if (/^(ArrowLeft|ArrowRight|Home|End)$/.test(key)) done = press('a[data-key="' + key + '"]');
    else if (event.code === "KeyP") done = press('a[data-key="p"]');
    else if (event.code === "KeyH") done = press('button[data-set="hide-names"]') || press('button[data-set="show-names"]');
    else if (event.code === "KeyG" && document.body.classList.contains("training")) {
      document.body.classList.toggle("graph-alone");
      done = true;
    }
    if (done) event.preventDefault();
  });
  // A piece that asks for itself again: replaced only when it has changed, and never under somebody's finger.
  document.querySelectorAll("[data-poll]").forEach(function (piece) {
    var last = "";
    function again() {
      if (document.hidden || piece.querySelector("button:active")) return wait();
      fetch(piece.dataset.poll, { headers: { accept: "text/html" }, cache: "no-store", redirect: "error" })
        .then(function (answer) { return answer.ok ? answer.text() : Promise.reject(); })
        .then(function (text) {
          if (text !== last) {
            var focused = document.activeElement && piece.contains(document.activeElement) ? document.activeElement.value : null;
            piece.innerHTML = text;
            if (focused !== null) {
              var same = piece.querySelector('button[value="' + focused + '"]');
              if (same) same.focus();
            }
          }
          last = text;
        })
        .catch(function () {})
        .then(wait);
    }
    function wait() { setTimeout(again, 2000); }
    wait();
  });
})();
