"use strict";
// How things look: the bar, the pages with their rows marked, the list of rows, the form for corrections. What is shown is decided in review.js.

// ---- drawing

function draw() {
  if (stale) {
    drawRail();
    drawTabs();
    stale = false;
  }
  drawBar();
  drawSheet();
  drawRows();
}

function drawBar() {
  const { report, leaf } = state;
  at("document").hidden = DATA.documents.length === 1;
  at("document").value = DATA.documents.indexOf(report);
  at("about").textContent = [report.kommun, report.body, report.title, report.year].filter(Boolean).join(" · ");
  at("about").title = at("about").textContent;
  document.title = `${word("review")} – ${report.name}`;
  at("page").value = report.pages[leaf].number ?? leaf + 1;
  at("pages").textContent = `${word("of")} ${report.pages.at(-1).number ?? report.pages.length}`;
  const here = at("rail").children[leaf];
  if (!here.hasAttribute("aria-current")) {
    at("rail").querySelector("[aria-current]")?.removeAttribute("aria-current");
    here.setAttribute("aria-current", "page");
    here.scrollIntoView({ block: "nearest" });
  }
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
  });
}

function drawTabs() {
  const rows = state.report.rows;
  const counts = { "": 0 };
  for (const row of rows) {
    const counted = passes(row, "table");
    counts[row.table] = (counts[row.table] ?? 0) + counted;
    counts[""] += counted;
  }
  at("tabs").replaceChildren(...["", ...Object.keys(DATA.tables)].filter((name) => name in counts).map((name) => {
    const tab = make("button", { data: { table: name } }, name ? table(name) : word("all"), " ", make("span", {}, String(counts[name])));
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
  else sheet.replaceChildren(picture || (page.width && document.readyState === "loading") ? pictureLeaf(page, rows, picture) : quoteLeaf(rows));
  if (!same) sheet.scrollTop = 0;
  sheet.firstChild.style.width = `${100 * state.zoom}%`;
  sheet.firstChild.style.maxWidth = state.zoom === 1 ? "" : "none";
  sheet.querySelector(".current")?.scrollIntoView({ block: "nearest", inline: "nearest" });
}

function pictureLeaf(page, rows, picture) {
  const leaf = make("div", { className: "leaf" }, make("img", { src: picture?.textContent ?? "", alt: `${word("page")} ${page.number}`, draggable: false }));
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
  const seen = new Set(); // the figures of a table's row share its place, which is tinted once
  for (const row of rows) {
    for (const place of row.places) {
      const again = seen.has(place.join());
      seen.add(place.join());
      put(row, again ? "box again" : "box", place, 2);
    }
  }
  for (const row of rows) for (const place of row.spot) put(row, "box spot", place, 2);
}

const marked = (kind, row) => [kind, row.table, decisions.get(row.key)?.decision, row === state.row ? "current" : ""].filter(Boolean).join(" ");

// Rows may overlap: the text is cut wherever one begins or ends, and each piece is drawn as the row whose figure it is, the chosen one or the shortest.
function textLeaf(page, rows) {
  const leaf = make("div", { className: "leaf words" });
  const placed = rows.filter((row) => row.places.length);
  const cuts = [...new Set([0, page.text.length, ...placed.flatMap((row) => row.places[0]), ...placed.flatMap((row) => row.spot[0] ?? [])])].sort((a, b) => a - b);
  const length = ({ places: [[start, end]] }) => end - start;
  const within = (row, cut) => row.spot.some(([start, end]) => start <= cut && cut < end);
  let open = [];
  let next = 0; // rows are in the order of their first characters
  cuts.slice(0, -1).forEach((cut, i) => {
    open = open.filter((row) => row.places[0][1] > cut);
    while (next < placed.length && placed[next].places[0][0] <= cut) open.push(placed[next++]);
    const text = page.text.slice(cut, cuts[i + 1]);
    const figure = open.find((row) => within(row, cut));
    const row = figure ?? (open.includes(state.row) ? state.row : open.toSorted((a, b) => length(a) - length(b))[0]);
    const piece = row ? make("span", { className: marked(figure ? "mark spot" : "mark", row), data: { key: row.key } }, text) : text;
    if (row !== state.row && open.includes(state.row)) piece.classList.add("current", "beside");
    leaf.append(piece);
  });
  return leaf;
}

function quoteLeaf(rows) {
  const quotes = rows.map((row) => make("blockquote", { className: marked("mark", row), data: { key: row.key } }, row.quote));
  return make("div", { className: "leaf quotes" }, state.report.note ? null : make("p", {}, word("no_picture")), ...quotes);
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
