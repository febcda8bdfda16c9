"use strict";
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

const at = (id) => document.getElementById(id);
const word = (name) => DATA.words[state.language][name] ?? name;
const table = (name) => DATA.words[state.language].tables[name];
const column = (name) => DATA.words[state.language].columns[name] ?? name;
const code = (name) => DATA.words[state.language].codes[name] ?? name.replaceAll("_", " ");
const fill = (text, values) => text.replace(/\{(\w)\}/g, (_, name) => values[name]);
const figure = (value) => FIGURES.format(value).replace("-", "−");
const share = (value) => value.toFixed(2).replace(".", ",");
const value = (row, name) => decisions.get(row.key)?.changes?.[name] ?? row.values[name];

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

const refresh = () => { shown = state.report.rows.filter((row) => passes(row)); };
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

// ---- drawing

function draw() {
  drawBar();
  drawRail();
  drawTabs();
  drawSheet();
  drawRows();
}

function drawBar() {
  const { report, leaf } = state;
  at("document").hidden = DATA.documents.length === 1;
  at("document").value = DATA.documents.indexOf(report);
  at("about").textContent = [report.kommun, report.body, report.title, report.year].filter(Boolean).join(" · ");
  at("about").title = at("about").textContent;
  at("page").value = report.pages[leaf].number ?? leaf + 1;
  at("pages").textContent = `${word("of")} ${report.pages.at(-1).number ?? report.pages.length}`;
  at("previous").disabled = leaf === 0;
  at("next").disabled = leaf === report.pages.length - 1;
  at("progress").max = report.rows.length || 1;
  at("progress").value = report.rows.filter((row) => decisions.has(row.key)).length;
  at("count").textContent = progress();
  at("export").disabled = decisions.size === 0;
  const missing = report.note && word(["gone", "changed"].includes(report.note) ? report.note : "unreadable");
  at("note").textContent = [missing, kept ? "" : word("not_kept")].filter(Boolean).join(" ");
  at("note").hidden = !at("note").textContent;
}

function drawRail() {
  const counts = state.report.pages.map(() => ({ rows: 0, done: 0, failing: false }));
  for (const row of shown) {
    const count = counts[row.leaf];
    count.rows += 1;
    count.done += decisions.has(row.key);
    count.failing ||= row.checks.length > 0 && !decisions.has(row.key);
  }
  const rail = at("rail");
  if (rail.childElementCount !== counts.length) {
    rail.replaceChildren(...counts.map((_, leaf) => make("button", { data: { leaf }, tabIndex: -1 }, make("span"), make("span", { className: "bar" }, make("span")))));
  }
  counts.forEach(({ rows, done, failing }, leaf) => {
    const button = rail.children[leaf];
    const [name, bar] = button.children;
    name.textContent = state.report.pages[leaf].number ?? leaf + 1;
    name.className = failing ? "failing" : "";
    bar.firstChild.style.width = `${rows ? (100 * done) / rows : 0}%`;
    button.className = rows ? "" : "empty";
    button.title = `${word("page")} ${name.textContent}: ${fill(word("progress"), { n: done, m: rows })}`;
    button.toggleAttribute("aria-current", leaf === state.leaf);
  });
  rail.children[state.leaf].scrollIntoView({ block: "nearest" });
}

function drawTabs() {
  const rows = state.report.rows;
  const count = (name) => rows.filter((row) => passes(row, "table") && (!name || row.table === name)).length;
  at("tabs").replaceChildren(...["", ...Object.keys(DATA.tables)].filter((name) => !name || rows.some((row) => row.table === name)).map((name) => {
    const tab = make("button", { data: { table: name } }, name ? table(name) : word("all"), " ", make("span", {}, String(count(name))));
    tab.setAttribute("aria-pressed", String(state.filters.table === name));
    return tab;
  }));
  const { status, most, failed, text } = state.filters;
  at("status").value = status;
  at("most").value = most;
  at("at").textContent = share(most / 100);
  at("failed").checked = failed;
  at("failures").textContent = `(${rows.filter((row) => row.checks.length && passes(row, "failed")).length})`;
  if (document.activeElement !== at("search")) at("search").value = text;
}

function drawSheet() {
  const page = state.report.pages[state.leaf];
  const rows = onPage();
  const sheet = at("sheet");
  const name = [DATA.documents.indexOf(state.report), state.leaf].join("-");
  const picture = at(`image-${name}`);
  const same = sheet.dataset.leaf === name;
  sheet.dataset.leaf = name;
  if (page.text !== null) sheet.replaceChildren(textLeaf(page, rows));
  else if (picture && same && sheet.querySelector("img")) drawBoxes(sheet.firstChild, page, rows);
  else sheet.replaceChildren(picture ? pictureLeaf(page, rows, picture) : quoteLeaf(rows));
  if (!same) sheet.scrollTop = 0;
  sheet.firstChild.style.width = `${100 * state.zoom}%`;
  sheet.firstChild.style.maxWidth = state.zoom === 1 ? "" : "none";
  sheet.querySelector(".current")?.scrollIntoView({ block: "nearest", inline: "nearest" });
}

function pictureLeaf(page, rows, picture) {
  const leaf = make("div", { className: "leaf" }, make("img", { src: picture.textContent, alt: `${word("page")} ${page.number}`, draggable: false }));
  leaf.style.aspectRatio = `${page.width} / ${page.height}`;
  drawBoxes(leaf, page, rows);
  return leaf;
}

function drawBoxes(leaf, page, rows) {
  leaf.querySelectorAll(".box").forEach((box) => box.remove());
  const put = (row, kind, [x0, top, x1, bottom], room) => {
    const box = make("div", { className: marked(kind, row), data: { key: row.key } });
    const across = (points) => `${(100 * points) / page.width}%`;
    const down = (points) => `${(100 * points) / page.height}%`;
    Object.assign(box.style, { left: across(x0 - room), top: down(top - room / 2), width: across(x1 - x0 + 2 * room), height: down(bottom - top + room) });
    leaf.append(box);
  };
  for (const row of rows) for (const place of row.places) put(row, "box", place, 2);
  for (const place of state.row?.leaf === state.leaf ? state.row.spot : []) put(state.row, "box spot", place, 2);
}

const marked = (kind, row) => [kind, row.table, decisions.get(row.key)?.decision, row === state.row ? "current" : ""].filter(Boolean).join(" ");

// Rows may overlap: the text is cut wherever one begins or ends, and each piece is drawn as the shortest of its rows, or the chosen one.
function textLeaf(page, rows) {
  const leaf = make("div", { className: "leaf words" });
  const placed = rows.filter((row) => row.places.length);
  const spot = state.row?.leaf === state.leaf ? state.row.spot[0] : undefined;
  const cuts = [...new Set([0, page.text.length, ...placed.flatMap((row) => row.places[0]), ...(spot ?? [])])].sort((a, b) => a - b);
  const length = ({ places: [[start, end]] }) => end - start;
  let open = [];
  let next = 0; // rows are in the order of their first characters
  cuts.slice(0, -1).forEach((cut, i) => {
    open = open.filter((row) => row.places[0][1] > cut);
    while (next < placed.length && placed[next].places[0][0] <= cut) open.push(placed[next++]);
    const text = page.text.slice(cut, cuts[i + 1]);
    const row = open.includes(state.row) ? state.row : open.toSorted((a, b) => length(a) - length(b))[0];
    const kind = spot && spot[0] <= cut && cut < spot[1] ? "mark spot" : "mark";
    leaf.append(row ? make("span", { className: marked(kind, row), data: { key: row.key } }, text) : text);
  });
  return leaf;
}

function quoteLeaf(rows) {
  const quotes = rows.map((row) => make("blockquote", { className: marked("mark", row), data: { key: row.key } }, row.quote));
  return make("div", { className: "leaf quotes" }, make("p", {}, word("no_picture")), ...quotes);
}

function drawRows() {
  const rows = onPage();
  at("here").textContent = rows.length === 1 ? word("row_here") : fill(word("rows_here"), { n: rows.length });
  at("rest").replaceChildren(word("accept_page"), " ", make("kbd", {}, "⇧A"));
  at("rest").hidden = !rows.some((row) => !decisions.has(row.key));
  at("rows").replaceChildren(...rows.map(card));
  if (!rows.length) at("rows").append(emptiness());
  at("rows").querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
}

function emptiness() {
  const more = shown.length > 0;
  const button = make("button", {}, word(more ? "next_rows" : "clear"));
  button.onclick = () => (more ? step(1) : filter({ ...NO_FILTERS }));
  return make("div", { className: "nothing" }, make("div", {}, word(more ? "none_here" : "none_match")), button);
}

function card(row) {
  const current = row === state.row;
  const verdict = decisions.get(row.key)?.decision;
  const about = [verdict ? word(DONE[verdict]) : word("undecided"), table(row.table), value(row, TITLES[row.table]), valueText(row)];
  const element = make("article", { className: [row.table, verdict].filter(Boolean).join(" "), data: { key: row.key }, tabIndex: current ? 0 : -1 });
  element.setAttribute("aria-label", about.filter(Boolean).join(", "));
  element.toggleAttribute("aria-current", current);
  element.append(
    make("span", { className: "sign", title: about[0] }, SIGNS[verdict] ?? "○"),
    make("div", { className: "line" }, make("span", { className: "name" }, ...was(row, TITLES[row.table]), value(row, TITLES[row.table]) ?? row.quote), figures(row)),
    facts(row),
    ...row.checks.map((check) => make("div", { className: "fault" },
      `${word("check")}: ${word(check.rule)} – ${word("expected")} ${figure(check.expected)}, ${word("found")} ${figure(check.found)}, ${word("difference")} ${figure(check.difference)}`)),
  );
  if (!current) return element;
  element.append(make("div", { className: "quote" }, row.quote));
  if (!row.places.length && !state.report.note) element.append(make("div", { className: "facts" }, word("no_place")));
  element.append(state.editing ? form(row) : acts(row));
  return element;
}

const was = (row, name) => (value(row, name) !== row.values[name] ? [make("span", { className: "was" }, told(row, name, row.values[name]))] : []);

function told(row, name, given) {
  if (given === null || given === undefined) return "–";
  if (name === "value") return figure(given);
  return DATA.tables[row.table].find((field) => field.name === name)?.codes.length ? code(given) : String(given);
}

function valueText(row) {
  if (!("value" in row.values)) return "";
  const amount = value(row, "value");
  const [comparator, unit] = [value(row, "comparator"), value(row, "unit")];
  if (amount === null) return row.values.value_text ?? "";
  const sign = { ">=": "≥", "<=": "≤" }[comparator] ?? comparator;
  return [sign === "=" ? "" : sign, figure(amount), unit && (row.table === "amounts" ? unit : code(unit))].filter(Boolean).join(" ");
}

function figures(row) {
  const old = ["value", "unit"].some((name) => value(row, name) !== row.values[name]) ? told(row, "value", row.values.value) : "";
  return make("span", { className: "value" }, old ? make("span", { className: "was" }, old) : null, valueText(row));
}

function facts(row) {
  const facts = make("div", { className: "facts" }, make("span", { className: "table" }, table(row.table)));
  for (const name of ["kind", "measure", "type", "level", "year", "period", "status", "responsible"]) {
    const given = name in row.values ? value(row, name) : null;
    if ((given === null || given === row.values.year?.toString()) && !was(row, name).length) continue;
    facts.append(make("span", { title: column(name) }, ...was(row, name), told(row, name, given)));
  }
  for (const name of ["number", "col_label"]) if (row.values[name]) facts.append(make("span", {}, row.values[name]));
  if (row.method === "human") facts.append(make("span", {}, word("human")));
  facts.append(make("span", { className: row.confidence < 0.6 ? "sure unsure" : "sure", title: row.method }, share(row.confidence)));
  return facts;
}

function acts(row) {
  const button = (verb, key, title = key) => make("button", { data: { act: verb } }, word(verb), " ", make("kbd", {}, title));
  return make("div", { className: "acts" }, button("accept", "a"), button("correct", "c"), button("reject", "r"), decisions.has(row.key) ? button("undo", "u") : null);
}

// ---- correcting

function form(row) {
  const hint = make("div", { className: "hint wide", id: "hint" });
  const inputs = DATA.tables[row.table].map((field) => input(row, field));
  const form = make("form", { className: "correction", noValidate: true }, ...inputs.map(({ label }) => label), hint,
    make("div", { className: "acts wide" }, make("button", { className: "main" }, word("save")), make("button", { type: "button", data: { act: "cancel" } }, word("cancel"))));
  hint.append(word("form_hint"));
  form.oninput = () => preview(row, form, hint);
  form.onsubmit = (event) => {
    event.preventDefault();
    const changes = {};
    for (const { field, control, fault } of inputs) {
      const { value: given, wrong } = parse(field, control.value);
      control.toggleAttribute("aria-invalid", Boolean(wrong));
      fault.textContent = wrong ? word(wrong) : "";
      if (!wrong && given !== row.values[field.name]) changes[field.name] = given;
    }
    const bad = form.querySelector("[aria-invalid]");
    if (bad) return bad.focus();
    if (row.table === "indicators" && changes.unit in MONEY) changes.value ??= row.values.value;
    if (Object.keys(changes).length) decide("correct", changes);
    else decide("accept");
  };
  return form;
}

function input(row, field) {
  const given = value(row, field.name);
  const long = field.dtype === "string" && !field.codes.length && field.name !== "period";
  const control = make(field.codes.length ? "select" : long ? "textarea" : "input", { name: field.name, id: `field-${field.name}` });
  if (field.codes.length) {
    for (const one of field.required ? field.codes : ["", ...field.codes]) control.append(make("option", { value: one }, one && (row.table === "amounts" && field.name === "unit" ? one : code(one))));
  } else if (long) control.rows = Math.min(4, Math.ceil((given ?? "").length / 52) || 1);
  control.value = given === null ? "" : field.name === "value" ? figure(given) : given;
  const fault = make("span", { className: "wrong", id: `wrong-${field.name}` });
  control.setAttribute("aria-describedby", fault.id);
  return { field, control, fault, label: make("label", { className: long ? "wide" : "" }, column(field.name), " ", fault, control) };
}

function parse(field, text) {
  const plain = text.trim();
  if (!plain) return field.required ? { wrong: "needed" } : { value: null };
  if (field.dtype === "Int64") return /^\d{4}$/.test(plain) ? { value: Number(plain) } : { wrong: "bad_year" };
  if (field.dtype === "Float64") return number(plain);
  if (field.name === "period" && !PERIOD.test(plain)) return { wrong: "bad_period" };
  return { value: field.codes.length ? plain : text.trim() };
}

// Figures as they are printed: spaces or points group thousands, a comma is the decimal mark, and so is a point that groups nothing.
function number(text) {
  let plain = text.replace(/[\s\u00a0\u2009\u202f]/g, "").replace(/^[−–]/, "-");
  if (/^-?\d{1,3}(\.\d{3})+(,\d+)?$/.test(plain)) plain = plain.replaceAll(".", "");
  plain = plain.replace(",", ".");
  return /^[-+]?\d+(\.\d+)?$/.test(plain) ? { value: Number(plain) } : { wrong: "bad_number" };
}

function preview(row, form, hint) {
  const given = number(form.elements.value?.value ?? "");
  const unit = form.elements.unit?.value;
  const kronor = unit in MONEY && given.value !== undefined ? `= ${figure(Math.round(given.value * MONEY[unit] * 100) / 100)} kr. ` : "";
  hint.textContent = kronor + (form.elements.kind?.value.endsWith("deviation") ? word("deviation_sign") : word("form_hint"));
}

function edit() {
  if (!state.row) return;
  state.editing = true;
  drawRows();
  const form = at("rows").querySelector("form");
  form.oninput();
  const first = form.elements.value ?? form.elements[0];
  first.focus();
  first.select?.();
  form.scrollIntoView({ block: "nearest" });
}

function stopEditing() {
  state.editing = false;
  select(state.row);
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

// Where rows lie upon one another, clicking again takes the next one.
function choose(event) {
  const under = document.elementsFromPoint(event.clientX, event.clientY).filter((element) => element.matches("#sheet [data-key]"));
  let keys = under.map((element) => element.dataset.key);
  const inText = event.target.closest(".mark");
  if (inText && !inText.matches("blockquote")) {
    const { places: [[start, end]] } = ROWS.get(inText.dataset.key);
    keys.push(...onPage().filter(({ places: [place] }) => place && place[0] < end && start < place[1]).map((row) => row.key));
  }
  keys = [...new Set(keys)];
  const next = (keys.indexOf(state.row?.key) + 1) % keys.length;
  if (keys.length) select(ROWS.get(keys[next]));
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
  at("language").onclick = () => { state.language = state.language === "sv" ? "en" : "sv"; speak(); draw(); };
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
  document.title = `${word("review")} – ${state.report.name}`;
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
// The pictures follow this script in the file: the first page is drawn anew when they are all here.
document.addEventListener("DOMContentLoaded", () => { at("sheet").dataset.leaf = ""; drawSheet(); document.documentElement.dataset.drawn = Math.round(performance.now()); });
