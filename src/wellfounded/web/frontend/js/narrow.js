// Narrows the list of conclusions by the form above it, where the site is made of files.
export function narrow(form) {
  const asked = new URLSearchParams(location.search);
  const items = [...document.querySelectorAll("[data-wf-item]")];
  const count = document.querySelector("[data-wf-count]");
  const everything = count.textContent;

  function apply() {
    const wanted = [...new FormData(form)].filter(([, value]) => value);
    for (const item of items) {
      item.hidden = !wanted.every(([name, value]) => item.dataset[name].split("|").includes(value));
    }
    for (const group of document.querySelectorAll("[data-wf-group]")) {
      group.hidden = !group.querySelector("[data-wf-item]:not([hidden])");
    }
    const left = items.filter((item) => !item.hidden).length;
    count.textContent = wanted.length ? `${left} of ${items.length} conclusions` : everything;
    const query = new URLSearchParams(wanted).toString();
    history.replaceState(null, "", query ? `?${query}` : location.pathname);
  }

  for (const select of form.querySelectorAll("select")) {
    const value = asked.get(select.name);
    if (value && [...select.options].some((option) => option.value === value)) select.value = value;
  }
  form.hidden = false;
  form.addEventListener("change", apply);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    apply();
  });
  if ([...new FormData(form)].some(([, value]) => value)) apply();
}
