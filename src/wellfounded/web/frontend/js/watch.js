// Fetches a part of the page anew every two seconds while it says that there is more to come, then the whole page.
const EVERY = 2000;

export function watch(part) {
  setTimeout(async () => {
    try {
      const answer = await fetch(part.dataset.wfWatch, { credentials: "same-origin", redirect: "error" });
      if (answer.ok) {
        const told = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(part.id);
        if (!told || !told.dataset.wfWatch) return location.reload();
        const [now, then] = [told, part].map((each) => each.querySelector("[role=status]"));
        if (now.textContent !== then.textContent) then.textContent = now.textContent;
      }
    } catch {
      // no answer this time: ask again
    }
    watch(part);
  }, EVERY);
}
