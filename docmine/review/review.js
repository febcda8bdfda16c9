// What is shown and decided, and how one goes about; draw.js draws it.
// The rows and pages come as JSON; every text of a report goes onto the page as text, never as HTML.

const DATA = JSON.parse(document.getElementById("data").textContent);
const SIGNS = { accept: "✓", correct: "✎", reject: "✗" };
const DONE = { accept: "accepted", correct: "corrected", reject: "rejected" };
const TITLES = { amounts: "label", indicators: "name", goals: "text", actions: "text", sections: "title", cells: "row_label" };
const MONEY = { kr: 1, tkr: 1e3, mnkr: 1e6, mdkr: 1e9 };
const PERIOD = /^\d{4}(-\d\d(-\d\d|\/\d{4}-\d\d)?)?$/;
const FIGURES = new Intl.NumberFormat("sv-SE", { maximumFractionDigits: 10 });
const ROWS = new Map(DATA.documents.flatMap((report) => report.rows.map((row) => [row.key, row])));
const NO_FILTERS = { table: "", status: "", most: 100, failed: false, text: "" };

const decisions = new Map();
const history = []; // each step: the decisions that it replaced, as [key, decision or undefined]
const state = { report: DATA.documents[0], leaf: 0, row: null, editing: false, zoom: 1, language: DATA.language, filters: { ...NO_FILTERS } };
let shown = []; // the rows of the report that pass the filters
let stale = true; // whether counts must be drawn anew

const at = (id) => document.getElementById(id);
const word = (name) => DATA.words[state.language][name] ?? name;
const table = (name) => DATA.words[state.language].tables[name];
const column = (name) => DATA.words[state.language].columns[name] ?? name;
const code = (name) => DATA.words[state.language].codes[name] ?? name.replaceAll("_", " ");
const fill = (text, values) => text.replace(/\{(\w)\}/g, (_, name) => values[name]);
const figure = (value) => FIGURES.format(value).replace("-", "−");
const share = (value) => value.toFixed(2).replace(".", ",");

function value(row, name) {
  const changes = decisions.get(row.key)?.changes ?? {};
  return name in changes ? changes[name] : row.values[name]; // a correction to nothing is one, too
}

function make(tag, properties = {}, ...children) {
  const { data, ...rest } = properties;
  const element = Object.assign(document.createElement(tag), rest);
  Object.assign(element.dataset, data);
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

// ---- what is kept between visits

const KEEP = `docmine-review-${hash([...ROWS].map(([key, row]) => key + JSON.stringify(row.values)).join("\n"))}`;

function hash(text) {
  let one = 0x811c9dc5, two = 0x1b873593;
  for (let i = 0; i < text.length; i++) {
    one = Math.imul(one ^ text.charCodeAt(i), 0x01000193);
    two = Math.imul(two + text.charCodeAt(i), 0x85ebca6b) ^ (two >>> 13);
  }
  return (one >>> 0).toString(16) + (two >>> 0).toString(16);
}

let kept = true;
let exported = true;

function keep() {
  exported = false;
  try {
    localStorage.setItem(KEEP, JSON.stringify([...decisions.values()]));
  } catch {
    kept = false;
  }
}

function recall() {
  try {
    for (const decision of JSON.parse(localStorage.getItem(KEEP) ?? "[]")) decisions.set(decision.key, decision);
    localStorage.setItem(`${KEEP}-probe`, "");
    localStorage.removeItem(`${KEEP}-probe`);
  } catch {
    kept = false;
  }
}

// ---- filters

function passes(row, skip = "") {
  const { table: wanted, status, most, failed, text } = state.filters;
  const decision = decisions.get(row.key)?.decision ?? "undecided";
  return (skip === "table" || !wanted || row.table === wanted)
    && (!status || status === decision)
    && (most === 100 || row.confidence <= most / 100 + 1e-9)
    && (skip === "failed" || !failed || row.checks.length > 0)
    && (!text || words(row).includes(text));
}

function words(row) {
  row.words ??= [...Object.values(row.values), row.quote].filter((v) => v !== null).join(" ").replace(/\s+/g, " ").toLowerCase();
  return row.words;
}

function filter(changes = {}) {
  Object.assign(state.filters, changes);
  state.editing = false;
  refresh();
  const here = onPage();
  if (!here.includes(state.row)) select(here[0] ?? shown.find((row) => row.leaf > state.leaf) ?? shown[0] ?? null);
  else draw();
}

function refresh() {
  shown = state.report.rows.filter((row) => passes(row));
  stale = true;
}

const onPage = () => shown.filter((row) => row.leaf === state.leaf);

// ---- going about

function open(report) {
  Object.assign(state, { report, leaf: 0, row: null, editing: false });
  refresh();
  select(shown[0] ?? null);
}

function turn(leaf) {
  state.leaf = Math.min(Math.max(leaf, 0), state.report.pages.length - 1);
  select(onPage()[0] ?? null, false);
}

function step(by) {
  const index = shown.indexOf(state.row);
  if (index >= 0) return select(shown[index + by] ?? state.row);
  select(by > 0 ? shown.find((row) => row.leaf >= state.leaf) ?? null : shown.findLast((row) => row.leaf <= state.leaf) ?? null);
}

function select(row, follow = true) {
  state.row = row;
  state.editing = false;
  if (row && follow) state.leaf = row.leaf;
  draw();
  at("rows").querySelector("[aria-current]")?.focus({ preventScroll: true });
}

// ---- decisions

function put(entries) {
  history.push(entries.map(([key]) => [key, decisions.get(key)]));
  for (const [key, decision] of entries) decision ? decisions.set(key, decision) : decisions.delete(key);
  keep();
}

function decision(row, verdict, changes = {}) {
  const { key, table, id, page, quote } = row;
  return { key, table, id, doc_id: key.split(":")[0], page, quote, decision: verdict, changes, time: new Date().toISOString() };
}

function decide(verdict, changes) {
  const row = state.row;
  if (!row) return;
  const after = shown.slice(shown.indexOf(row) + 1);
  put([[row.key, decision(row, verdict, changes)]]);
  tell(`${word(DONE[verdict])} · ${progress()}`);
  refresh();
  select(after.find((other) => !decisions.has(other.key)) ?? shown.find((other) => !decisions.has(other.key)) ?? row);
  if (shown.every((other) => decisions.has(other.key))) tell(word("all_done"));
}

function acceptPage() {
  const rest = onPage().filter((row) => !decisions.has(row.key));
  if (!rest.length) return;
  put(rest.map((row) => [row.key, decision(row, "accept")]));
  tell(fill(word("accepted_many"), { n: rest.length }));
  refresh();
  select(shown.find((row) => row.leaf >= state.leaf && !decisions.has(row.key)) ?? state.row);
}

function undo() {
  const last = history.pop() ?? (decisions.has(state.row?.key) ? [[state.row.key, undefined]] : null);
  if (!last) return;
  for (const [key, before] of last) before ? decisions.set(key, before) : decisions.delete(key);
  keep();
  tell(word("undone"));
  const row = ROWS.get(last[0][0]);
  state.report = DATA.documents.find((report) => report.rows.includes(row));
  refresh();
  select(row);
}

function progress() {
  const rows = state.report.rows;
  return fill(word("progress"), { n: rows.filter((row) => decisions.has(row.key)).length, m: rows.length });
}

function download() {
  const lines = [...ROWS.keys()].filter((key) => decisions.has(key)).map((key) => JSON.stringify(decisions.get(key)) + "\n");
  const link = make("a", { href: URL.createObjectURL(new Blob(lines, { type: "application/jsonl" })), download: "decisions.jsonl" });
  link.click();
  URL.revokeObjectURL(link.href);
  exported = true;
  tell(fill(word("exported"), { n: lines.length }));
}

async function load(file) {
  let read;
  try {
    read = (await file.text()).split("\n").filter((line) => line.trim()).map((line) => JSON.parse(line));
  } catch {
    return tell(word("not_decisions"));
  }
  const known = read.filter((one) => ROWS.has(one.key) && one.decision in SIGNS);
  if (known.length) put(known.map((one) => [one.key, one]));
  filter();
  tell(fill(word("imported"), { n: known.length, m: read.length - known.length }));
}

// ---- keys, clicks, hovering

const ACTS = { accept: () => decide("accept"), correct: edit, reject: () => decide("reject"), undo, cancel: stopEditing };
const KEYS = {
  j: () => step(1), ArrowDown: () => step(1), k: () => step(-1), ArrowUp: () => step(-1),
  n: () => turn(state.leaf + 1), ArrowRight: () => turn(state.leaf + 1), p: () => turn(state.leaf - 1), ArrowLeft: () => turn(state.leaf - 1),
  a: ACTS.accept, c: edit, r: ACTS.reject, u: undo, A: acceptPage, e: download,
  f: () => filter({ failed: !state.filters.failed }),
  d: () => filter({ status: state.filters.status ? "" : "undecided" }),
  "/": () => { at("search").focus(); at("search").select(); },
  "+": () => zoom(1.25), "-": () => zoom(0.8), "?": () => at("keys").showModal(),
};

function zoom(by) {
  state.zoom = Math.min(Math.max(state.zoom * by, 0.5), 4);
  if (Math.abs(state.zoom - 1) < 0.05) state.zoom = 1;
  drawSheet();
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || at("keys").open) return;
  const field = event.target.closest?.("input:not([type=range], [type=checkbox]), select, textarea");
  if (field) {
    if (event.key === "Escape") field.form ? stopEditing() : select(state.row);
    else if (event.key === "Enter" && field.form && field.tagName !== "INPUT") { event.preventDefault(); field.form.requestSubmit(); }
    else if (event.key === "Enter" && field.id === "search") select(state.row);
    return;
  }
  if (event.target.type === "range" && event.key.startsWith("Arrow")) return; // these move the slider
  const names = ["", ...Object.keys(DATA.tables)];
  const act = KEYS[event.key] ?? (event.key in names ? () => filter({ table: names[event.key] }) : null);
  if (state.editing && event.key === "Escape") return stopEditing();
  if (!act || state.editing) return;
  event.preventDefault();
  act();
});

function tell(text) {
  at("told").textContent = text;
  at("told").classList.add("shown");
  clearTimeout(tell.timer);
  tell.timer = setTimeout(() => at("told").classList.remove("shown"), 1800);
}

// A click on a figure takes its row; where rows lie upon one another, clicking again takes the next one.
function choose(event) {
  const under = document.elementsFromPoint(event.clientX, event.clientY).filter((element) => element.matches("#sheet [data-key]"));
  const figure = under.find((element) => element.matches(".spot"))?.dataset.key;
  if (figure && figure !== state.row?.key) return select(ROWS.get(figure));
  const keys = new Set(under.map((element) => element.dataset.key));
  const inText = event.target.closest("span.mark");
  if (inText) {
    const { places: [[start, end]] } = ROWS.get(inText.dataset.key);
    for (const { key, places: [place] } of onPage()) if (place && place[0] < end && start < place[1]) keys.add(key);
  }
  const order = [...keys];
  if (order.length) select(ROWS.get(order[(order.indexOf(state.row?.key) + 1) % order.length]));
}

function hover(event) {
  const key = event.type === "mouseover" ? event.target.closest?.("[data-key]")?.dataset.key : undefined;
  for (const element of document.querySelectorAll(".hover")) element.classList.remove("hover");
  if (key) for (const element of document.querySelectorAll(`[data-key="${CSS.escape(key)}"]`)) element.classList.add("hover");
}

function listen() {
  at("sheet").onclick = choose;
  at("rows").onclick = (event) => {
    const act = event.target.closest("[data-act]")?.dataset.act;
    const row = ROWS.get(event.target.closest("article")?.dataset.key);
    if (row && row !== state.row) select(row);
    if (act) ACTS[act]();
  };
  for (const id of ["sheet", "rows"]) at(id).onmouseover = at(id).onmouseleave = hover;
  at("rail").onclick = (event) => { const leaf = event.target.closest("button")?.dataset.leaf; if (leaf) turn(Number(leaf)); };
  at("tabs").onclick = (event) => { const tab = event.target.closest("button"); if (tab) filter({ table: tab.dataset.table }); };
  at("previous").onclick = KEYS.p;
  at("next").onclick = KEYS.n;
  at("larger").onclick = KEYS["+"];
  at("smaller").onclick = KEYS["-"];
  at("rest").onclick = acceptPage;
  at("export").onclick = download;
  at("import").onclick = () => at("file").click();
  at("file").onchange = () => { load(at("file").files[0]); at("file").value = ""; };
  at("help").onclick = KEYS["?"];
  at("language").onclick = () => { state.language = state.language === "sv" ? "en" : "sv"; speak(); refresh(); draw(); };
  at("document").onchange = () => open(DATA.documents[at("document").value]);
  at("page").onchange = () => { const leaf = state.report.pages.findIndex((page, i) => (page.number ?? i + 1) === Number(at("page").value)); turn(leaf < 0 ? state.leaf : leaf); };
  at("search").oninput = () => { const text = at("search").value.trim().toLowerCase(); keepFocus(() => filter({ text })); };
  at("status").onchange = () => filter({ status: at("status").value });
  at("most").oninput = () => keepFocus(() => filter({ most: Number(at("most").value) }));
  at("failed").onchange = () => keepFocus(() => filter({ failed: at("failed").checked }));
  window.onbeforeunload = (event) => { if (!kept && !exported) event.preventDefault(); };
}

function keepFocus(act) {
  const focused = document.activeElement;
  act();
  focused.focus();
}

function speak() {
  document.documentElement.lang = state.language;
  for (const element of document.querySelectorAll("[data-word]")) element.textContent = word(element.dataset.word);
  for (const element of document.querySelectorAll("[data-title]")) {
    element.title = word(element.dataset.title);
    if (!element.dataset.word) element.ariaLabel = element.title;
  }
  for (const element of document.querySelectorAll("[data-label]")) element.ariaLabel = word(element.dataset.label);
  for (const element of document.querySelectorAll("[data-placeholder]")) element.placeholder = word(element.dataset.placeholder);
  const statuses = [["", "any"], ["undecided", "undecided"], ...Object.entries(DONE)];
  at("status").replaceChildren(...statuses.map(([status, name]) => make("option", { value: status }, status ? word(name) : `${word("status")}: ${word(name).toLowerCase()}`)));
  at("keys").querySelector("dl").replaceChildren(...Object.entries(DATA.words[state.language].help_keys).flatMap(([keys, what]) =>
    [make("dt", {}, ...keys.split(" ").flatMap((key) => [make("kbd", {}, key), " "])), make("dd", {}, what)]));
}

at("document").append(...DATA.documents.map((report, i) => make("option", { value: i }, report.name)));
recall();
listen();
speak();
open(state.report);
document.documentElement.dataset.ready = Math.round(performance.now());
// Most pictures follow this script in the file, so that somebody may have turned to one that had not come.
document.addEventListener("DOMContentLoaded", () => {
  at("sheet").dataset.leaf = "";
  drawSheet();
  document.documentElement.dataset.drawn = Math.round(performance.now());
});
