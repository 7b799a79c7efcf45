// GOV.UK Frontend's behaviour, and what a site made of files does in the browser as it has no server to ask.
import { initAll } from "./govuk-frontend.min.js";
import { narrow } from "./narrow.js";
import { find } from "./find.js";
import { watch } from "./watch.js";
import { points } from "./points.js";
import { triage } from "./triage.js";

initAll();
document.querySelectorAll("form[data-wf-narrow]").forEach(narrow);
document.querySelectorAll("form[data-wf-find]").forEach(find);
document.querySelectorAll("[data-wf-watch]").forEach(watch);
document.querySelectorAll("form[data-wf-points]").forEach(points);
triage();
