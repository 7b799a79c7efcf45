// Single keys for reading responses. All that they do can be done with links and buttons as well.
const SAYS = { s: "supports", d: "challenges the data", i: "challenges the inference", q: "qualifies", e: "offers evidence" };

export function triage() {
  const next = document.querySelector("[data-key='n']");
  const points = [...document.querySelectorAll("[data-point]")];
  if (!next && !points.length) return;
  let at = points.findIndex((point) => point.id === location.hash.slice(1));
  if (at < 0) at = points.findIndex((point) => point.classList.contains("wf-triage__point--waits"));
  const go = (to) => {
    if (!points.length) return;
    at = Math.max(0, Math.min(points.length - 1, to));
    points[at].focus();
    points[at].scrollIntoView({ block: "nearest" });
  };
  if (points.length && at >= 0 && (location.hash || document.activeElement === document.body)) go(at);
  document.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.target.closest("input:not([type=checkbox]):not([type=radio]), textarea, select")) return;
    const point = points[at];
    const boxes = point ? [...point.querySelectorAll("[data-suggested]")] : [];
    if (event.key === "n" && next) next.click();
    else if (event.key === "j") go(at + 1);
    else if (event.key === "k") go(at - 1);
    else if (!point) return;
    else if ("123".includes(event.key)) boxes[Number(event.key) - 1]?.click();
    else if (event.key === "0") point.querySelector("[data-nothing]")?.click();
    else if (event.key === "x") point.querySelector("[data-save]")?.click();
    else if (event.key in SAYS) {
      const row = boxes.filter((box) => box.checked).pop()?.closest(".wf-triage__choice") ?? [...point.querySelectorAll(".wf-triage__choice")].pop();
      const select = row?.querySelector("select[name^='says-'], select[name='other-says']");
      if (select) select.value = SAYS[event.key];
    } else return;
    event.preventDefault();
  });
}
