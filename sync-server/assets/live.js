// Shows what changed without a reload: the server says that something did, and the page fetches itself again.
// Never under somebody's hands: while there is something typed, picked or unfolded to be filled in, a line says
// that there is something newer, with a link. Without this script the pages work as they are.
"use strict";

(() => {
  const main = document.getElementById("main");
  const address = main.dataset.live;
  const notice = document.getElementById("newer");
  let stream = null;
  let last = main.dataset.at;
  let known = null;
  let busy = false;
  let again = false;

  // Somebody is at a form: the cursor stands in a field, or a field is not as it came.
  function atWork() {
    const at = document.activeElement;
    if (at && main.contains(at) && at.matches("input, textarea, select")) return true;
    const changed = (field) => {
      if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
      if (field.matches("select")) return field.selectedIndex !== Math.max(0, [...field.options].findIndex((option) => option.defaultSelected));
      return field.type !== "hidden" && field.value !== field.defaultValue;
    };
    return [...main.querySelectorAll("input, textarea, select")].some(changed);
  }

  // Whoever judges has seen what they judge: not in the moment in which it changed under their hand.
  let swapped = 0;
  main.addEventListener("submit", (event) => {
    if (Date.now() - swapped > 1000) return;
    event.preventDefault();
    notice.hidden = false;
  });

  // What is swapped in comes with the same things unfolded, the cursor on the same thing, the page at the same height.
  function swap(fresh) {
    const name = (details) => details.querySelector("summary")?.textContent;
    const open = new Set([...main.querySelectorAll("details[open]")].map(name));
    const at = document.activeElement;
    const mark = main.contains(at) && at !== main ? ["href", "id", "name"].map((key) => [key, at.getAttribute(key)]).find(([, value]) => value) : null;
    const height = window.scrollY;
    main.replaceChildren(...fresh.childNodes);
    for (const details of main.querySelectorAll("details")) if (open.has(name(details))) details.open = true;
    if (mark) main.querySelector(`[${mark[0]}="${CSS.escape(mark[1])}"]`)?.focus({ preventScroll: true });
    window.scrollTo({ top: height, behavior: "instant" });
    swapped = Date.now();
  }

  async function refresh() {
    if (!address) return void (notice.hidden = false);
    if (busy) return void (again = true);
    busy = true;
    try {
      const answer = await fetch(address, { headers: { accept: "text/html" } });
      if (!answer.ok || answer.redirected) return void (notice.hidden = false);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.getElementById("main");
      if (!fresh) return;
      // What was done once is said once.
      fresh.querySelectorAll(".message").forEach((message) => message.remove());
      const text = fresh.innerHTML;
      if (text === known) return;
      if (atWork()) return void (notice.hidden = false);
      known = text;
      document.title = page.title;
      swap(fresh);
    } catch {
      // Without a network the stream comes back by itself, and says where the firm stands.
    } finally {
      busy = false;
      if (again) {
        again = false;
        refresh();
      }
    }
  }

  function listen() {
    if (stream || document.hidden) return;
    stream = new EventSource("/v1/live");
    // The first word of a stream says where the firm stands: the page may be older than that.
    stream.onmessage = (event) => {
      if (event.data !== last) refresh();
      last = event.data;
    };
  }

  // A browser opens few lines to one server: a page nobody looks at gives its own up.
  function rest() {
    stream?.close();
    stream = null;
  }

  document.addEventListener("visibilitychange", () => (document.hidden ? rest() : listen()));
  window.addEventListener("pagehide", rest);
  window.addEventListener("pageshow", listen);
  notice.querySelector("button")?.addEventListener("click", () => document.querySelector("form.filters")?.requestSubmit());
  listen();
})();
