// Ranks anew as points are moved, without leaving the page. Without scripts the form is sent with its button.
export function points(form) {
  let asked = 0;

  async function rank() {
    const query = new URLSearchParams(new FormData(form)).toString();
    const mine = ++asked;
    const result = document.querySelector("[data-wf-result]");
    result.setAttribute("aria-busy", "true");
    const response = await fetch(`${form.action.split("?")[0]}?${query}`, { headers: { Accept: "text/html" } });
    if (mine !== asked || !response.ok) return;
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const fresh = page.querySelector("[data-wf-result]");
    if (!fresh) return;
    result.replaceWith(fresh);
    history.replaceState(null, "", `?${query}`);
  }

  for (const select of form.querySelectorAll("select")) select.addEventListener("change", rank);
}
