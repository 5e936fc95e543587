(function () {
  "use strict";
  var pages = Array.prototype.slice.call(document.querySelectorAll(".page"));
  var at = Math.max(0, pages.findIndex(function (page) { return "#" + page.id === location.hash; }));
  function show(number) {
    at = Math.min(Math.max(number, 0), pages.length - 1);
    pages.forEach(function (page, index) { page.hidden = index !== at; });
    history.replaceState(null, "", "#" + pages[at].id);
    pages[at].focus({ preventScroll: true });
    scrollTo(0, 0);
  }
  function go(where) {
    if (where === "next") show(at + 1);
    if (where === "back") show(at - 1);
    if (where === "first") show(0);
    if (where === "last") show(pages.length - 1);
  }
  var keys = { ArrowRight: "next", " ": "next", PageDown: "next", ArrowLeft: "back", PageUp: "back", Home: "first", End: "last" };
  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === " " && /^(BUTTON|SUMMARY)$/.test(event.target.tagName)) return;
    if (keys[event.key]) { go(keys[event.key]); event.preventDefault(); }
  });
  document.querySelectorAll("[data-go]").forEach(function (button) {
    button.addEventListener("click", function () { go(button.dataset.go); });
  });
  show(at);
})();
