// A report in a frame, which is of no origin and so can only be asked.
"use strict";

// Where a report in a frame is read; its own script tells. Null where it does not, as one of older make.
function read(frame) {
  return new Promise((done) => {
    const told = ({ data, source }) => { if (source === frame.contentWindow && data?.here) end(data.here); };
    const timer = setTimeout(() => end(null), 500);
    function end(here) {
      clearTimeout(timer);
      window.removeEventListener("message", told);
      done(here);
    }
    window.addEventListener("message", told);
    frame.contentWindow.postMessage("where", "*");
  });
}

// The report as it is now, in place of the last one, read on where that was.
async function readOn(frame) {
  const here = await read(frame);
  frame.addEventListener("load", () => { if (here) frame.contentWindow.postMessage({ go: here }, "*"); }, { once: true });
  frame.src = frame.getAttribute("src");
}
