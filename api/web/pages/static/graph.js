// A large picture begins at its outcome, which stands at the right end, half way down. Without a script it
// begins at its top left corner and is scrolled by hand.
"use strict";
(() => {
  const frame = document.querySelector(".pages-of-picture:not(.fitted)");
  const picture = frame && frame.querySelector("img");
  if (!picture) return;
  const begin = () => frame.scrollTo(frame.scrollWidth, (picture.height - frame.clientHeight) / 2);
  if (picture.complete) begin();
  else picture.addEventListener("load", begin);
})();
