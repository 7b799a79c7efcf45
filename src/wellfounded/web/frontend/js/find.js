// Search in a site made of files: over a list that was written beside its pages.
const TITLES = { conclusion: "Conclusions", indicator: "Indicators", area: "Areas" };
const MOST = 40;

function words(text) {
  const plain = text.normalize("NFKD").replace(/[\u0300-\u036f'’]/g, "");
  return plain.toLowerCase().match(/[a-z0-9]+/g) ?? [];
}

function score(entry, asked) {
  let total = 0;
  for (const word of asked) {
    if (entry.titleWords.includes(word)) total += 4;
    else if (entry.titleWords.some((own) => own.startsWith(word))) total += 3;
    else if (entry.noteWords.some((own) => own.startsWith(word))) total += 1;
    else return 0;
  }
  return total;
}

function listed(what, entries, root) {
  const section = document.createElement("section");
  const heading = section.appendChild(document.createElement("h2"));
  heading.className = "govuk-heading-m";
  heading.textContent = `${TITLES[what]} ${entries.length}`;
  const list = section.appendChild(document.createElement("ul"));
  list.className = "wf-plain";
  for (const entry of entries.slice(0, MOST)) {
    const item = list.appendChild(document.createElement("li"));
    const link = item.appendChild(document.createElement("a"));
    link.href = root + entry.address;
    link.textContent = entry.title;
    item.appendChild(document.createElement("span")).textContent = entry.note;
  }
  return section;
}

export async function find(form) {
  const results = document.querySelector("[data-wf-results]");
  const status = document.querySelector("[data-wf-status]");
  const list = form.dataset.wfFind;
  const entries = await (await fetch(list)).json();
  for (const entry of entries) {
    entry.titleWords = words(entry.title);
    entry.noteWords = words(entry.note);
  }
  const root = new URL(list, location.href).href.replace(/search\.json$/, "");

  function apply() {
    const asked = words(form.elements.q.value);
    const found = asked.length
      ? entries.map((entry) => [score(entry, asked), entry]).filter(([points]) => points > 0).sort(([a], [b]) => b - a)
      : [];
    const groups = Object.keys(TITLES).map((what) => [what, found.map(([, e]) => e).filter((e) => e.what === what)]);
    results.replaceChildren(...groups.filter(([, some]) => some.length).map(([what, some]) => listed(what, some, root)));
    status.textContent = asked.length ? `${found.length} ${found.length === 1 ? "result" : "results"}` : "";
  }

  form.elements.q.value = new URLSearchParams(location.search).get("q") ?? "";
  form.hidden = false;
  form.addEventListener("input", apply);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    apply();
  });
  apply();
}
