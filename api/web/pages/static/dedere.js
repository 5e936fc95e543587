// What scripts add; every page works without them.
(function () {
  "use strict";
  // A one-time link carries its token behind the #, which the browser never sends: put it into the form.
  var form = document.querySelector("form[data-token-from-address]");
  if (form && location.hash.length > 1) {
    form.elements.token.value = decodeURIComponent(location.hash.slice(1));
    history.replaceState(null, "", location.pathname);
  }
  // What an address points to is never left folded away.
  function reveal() {
    var at = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!at) return;
    var own = at.querySelector(":scope > details.part");
    if (own) own.open = true;
    for (var up = at; up; up = up.parentElement) if (up.tagName === "DETAILS") up.open = true;
    at.scrollIntoView();
  }
  window.addEventListener("hashchange", reveal);
  document.addEventListener("click", function (event) {
    var link = event.target.closest("a[href^='#']");
    if (link && link.getAttribute("href") === location.hash) setTimeout(reveal);
  });
  reveal();
  // Leaving quickly: cover the page at once; Shift three times does the same.
  var pressed = 0, timer = 0;
  function leave() {
    document.documentElement.classList.add("gone");
    location.replace("/leave");
  }
  document.querySelectorAll("a.exit").forEach(function (link) {
    link.addEventListener("click", function (event) { event.preventDefault(); leave(); });
  });
  document.addEventListener("keyup", function (event) {
    if (event.key !== "Shift") { pressed = 0; return; }
    pressed += 1;
    clearTimeout(timer);
    timer = setTimeout(function () { pressed = 0; }, 2000);
    if (pressed === 3) leave();
  });
})();
