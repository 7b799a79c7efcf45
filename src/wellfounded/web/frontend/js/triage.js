// Single keys for reading responses. All that they do can be done with links and buttons as well.
const SAYS = { s: "supports", d: "challenges the data", i: "challenges the inference", q: "qualifies", e: "offers evidence" };
const EARLY = "wf-triage-early"; // keys struck while a page was on its way, for that page to take up
const LATEST = 10_000; // milliseconds after which they are no longer meant

export function triage() {
  const next = document.querySelector("[data-key='n']");
  const points = [...document.querySelectorAll("[data-point]")];
  if (!next && !points.length) return;
  let at = points.findIndex((point) => point.id === location.hash.slice(1));
  if (at < 0) at = points.findIndex((point) => point.classList.contains("wf-triage__point--waits"));
  let leaving = false;
  const go = (to) => {
    if (!points.length) return;
    at = Math.max(0, Math.min(points.length - 1, to));
    points[at].focus();
    points[at].scrollIntoView({ block: "nearest" });
  };
  const strike = (key) => {
    if (leaving) return wait(key); // a second button would stop what the first one sends
    const point = points[at];
    const boxes = point ? [...point.querySelectorAll("[data-suggested]")] : [];
    if (key === "n" && next) next.click();
    else if (key === "j") go(at + 1);
    else if (key === "k") go(at - 1);
    else if (!point) return false;
    else if ("123".includes(key)) boxes[Number(key) - 1]?.click();
    else if (key === "0") point.querySelector("[data-nothing]")?.click();
    else if (key === "x") point.querySelector("[data-save]")?.click();
    else if (key in SAYS) {
      const row = boxes.filter((box) => box.checked).pop()?.closest(".wf-triage__choice") ?? [...point.querySelectorAll(".wf-triage__choice")].pop();
      const select = row?.querySelector("select[name^='says-'], select[name='other-says']");
      if (select) select.value = SAYS[key];
    } else return false;
    return true;
  };
  if (points.length && at >= 0 && (location.hash || document.activeElement === document.body)) go(at);
  document.addEventListener("submit", () => (leaving = true));
  window.addEventListener("pageshow", (event) => event.persisted && (leaving = false)); // come back to
  document.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.target.closest("input:not([type=checkbox]):not([type=radio]), textarea, select")) return;
    if (strike(event.key)) event.preventDefault();
  });
  early().forEach(strike);
  document.documentElement.dataset.keys = "on";
}

function wait(key) {
  if (!("njkx0123".includes(key) || key in SAYS)) return false;
  sessionStorage.setItem(EARLY, JSON.stringify({ at: Date.now(), keys: [...waiting().keys, key] }));
  return true;
}

function early() {
  const { at, keys } = waiting();
  sessionStorage.removeItem(EARLY);
  return Date.now() - at < LATEST ? keys : [];
}

function waiting() {
  return JSON.parse(sessionStorage.getItem(EARLY) ?? '{"at": 0, "keys": []}');
}
