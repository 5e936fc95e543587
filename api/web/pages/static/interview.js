// Saves an answer while one goes on; the form works the same without it.
(function () {
  "use strict";
  var form = document.querySelector("form[data-autosave]");
  if (!form || !window.fetch) return;
  var said = document.getElementById("saved"), waiting = false, running = false, leaving = false;
  function tell(name) { said.textContent = name ? said.dataset[name] : ""; }
  function save() {
    if (running) { waiting = true; return; }
    running = true; waiting = false; tell("saving");
    var data = new URLSearchParams(new FormData(form));
    data.set("stay", "1");
    fetch(form.action, { method: "POST", body: data, credentials: "same-origin" }).then(function (answer) {
      running = false;
      if (!answer.ok) { tell("refused"); return null; }
      return answer.json().then(function (saved) {
        form.elements.version.value = saved.version;
        document.getElementById("standing").innerHTML = saved.standing;
        tell("saved");
        if (waiting) save();
      });
    }).catch(function () {
      running = false; tell("lost");
      if (!leaving) setTimeout(save, 5000);
    });
  }
  form.addEventListener("change", function (event) {
    var name = event.target.name;
    if (name === "answer") {
      form.querySelectorAll("details[data-for]").forEach(function (part) { part.open = part.dataset.for === event.target.value; });
    }
    if ((name === "value" || name.indexOf("page-") === 0) && form.querySelector("input[name=answer][value=value]")) {
      if (name === "value") form.querySelector("input[name=answer][value=value]").checked = true;
    }
    if (form.querySelector("input[name=answer]:checked")) save();
  });
  form.addEventListener("submit", function () { leaving = true; });
})();
