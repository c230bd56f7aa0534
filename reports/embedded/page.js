"use strict";
// Draws the report from the JSON in #data. Text of findings is set through textContent, so it is never markup.
const data = JSON.parse(document.getElementById("data").textContent);
const at = id => document.getElementById(id);
const number = n => Number(n).toLocaleString("en-US");
const plural = (n, word) => number(n) + " " + word + (n === 1 ? "" : "s");
const lines = ids => ids.map(i => data.lines[i]);  // texts share their lines

function el(tag, options, ...children) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(options || {})) {
    if (key === "on") for (const [event, handler] of Object.entries(value)) node.addEventListener(event, handler);
    else if (value !== undefined && value !== false) node.setAttribute(key, value === true ? "" : value);
  }
  for (const child of children.flat()) if (child !== null && child !== undefined) node.append(child);
  return node;
}

// ---- totals -------------------------------------------------------------------------------------------------------

function drawTotals() {
  const c = data.counts, fresh = data.findings.filter(f => !f.known).length;
  const executed = data.operators.filter(o => o.executed > 0).length;
  const tile = (value, text, hot) => el("div", {class: "tile" + (hot ? " hot" : "")}, el("b", {}, value), el("span", {}, text));
  at("totals").append(el("div", {class: "tiles"},
    tile(number(data.groups.length), "groups of findings", fresh > 0),
    tile(number(fresh), "new findings", fresh > 0),
    tile(number(data.findings.length - fresh), "known findings"),
    tile(number(c.checks), "checks"),
    tile(number(data.cases), "cases"),
    tile(number(executed), "operators executed")));
  const parts = [["agree", c.agree, "c-agree"], ["both sides raise", c.both_raised, "c-raised"],
                 ["incomparable", c.incomparable, "c-incomparable"],
                 ["differ, crash or hang", c.differ + c.crashes + c.timeouts + c.memory, "c-differ"]];
  const sum = parts.reduce((s, p) => s + p[1], 0) || 1;
  at("totals").append(
    el("div", {class: "bar", role: "img", "aria-label": "How the checks ended"},
       parts.filter(p => p[1] > 0).map(p => el("i", {class: p[2], style: "width:" + 100 * p[1] / sum + "%", title: p[0]}))),
    el("div", {class: "legend"}, parts.map(p => el("span", {}, el("i", {class: p[2]}), p[0] + " " + number(p[1]))),
       el("span", {}, "not checks: " + number(c.refused) + " refused, " + number(c.gap) + " gaps, " + number(c.over_budget) + " over budget")));
  const subjects = [...new Set(data.runs.map(r => r.subject + " " + r.subject_version))].join(", ");
  at("subtitle").textContent = [subjects, data.seconds > 0 ? data.seconds.toFixed(1) + " s" : ""].filter(Boolean).join(" · ");
}

// ---- one finding --------------------------------------------------------------------------------------------------

// Both texts as nodes. Tokens that the other text does not contain are marked (longest common subsequence).
function marked(a, b) {
  const split = text => text.split(/([\s,;:[\]()]+)/).filter(t => t !== "");
  const left = split(a), right = split(b), n = left.length, m = right.length;
  if (n * m > 250000) return [[a], [b]];
  const common = Array.from({length: n + 1}, () => new Uint16Array(m + 1));
  for (let i = n - 1; i >= 0; i--)
    for (let j = m - 1; j >= 0; j--)
      common[i][j] = left[i] === right[j] ? common[i + 1][j + 1] + 1 : Math.max(common[i + 1][j], common[i][j + 1]);
  if (common[0][0] * 4 < Math.min(n, m)) return [[a], [b]];  // too little in common: marks would not help
  const l = [], r = [];
  for (let i = 0, j = 0; i < n || j < m;) {
    if (i < n && j < m && left[i] === right[j]) { l.push(left[i++]); r.push(right[j++]); }
    else if (j >= m || (i < n && common[i + 1][j] >= common[i][j + 1])) l.push(el("mark", {}, left[i++]));
    else r.push(el("mark", {}, right[j++]));
  }
  return [l, r];
}

function sidePanel(which, title, ...content) {
  return el("div", {class: "side " + which}, el("header", {}, title), content);
}

function valuesPart(f) {
  const [l, r] = marked(f.left.text, f.right.text), [la, ra] = marked(f.left.whole, f.right.whole);
  const all = (nodes, text) => text ? el("div", {class: "all"}, nodes) : null;
  return el("div", {class: "sides"},
    sidePanel("left", f.left.name, el("div", {class: "what"}, l), all(la, f.left.whole)),
    sidePanel("right", f.right.name, el("div", {class: "what"}, r), all(ra, f.right.whole)));
}

function tracesPart(f) {
  const left = lines(f.left_trace), right = lines(f.right_trace);
  let part = 0;
  while (part < left.length && part < right.length && left[part] === right[part]) part++;
  const list = trace => trace.length === 0 ? el("div", {class: "all"}, "no dispatched call") :
    el("ol", {}, trace.map((line, i) => {
      const keys = line.indexOf(" [");
      return el("li", {class: i === part ? "part" : undefined}, keys < 0 ? line : line.slice(0, keys),
                keys < 0 ? null : el("span", {class: "keys"}, line.slice(keys)));
    }));
  return el("div", {class: "sides"}, sidePanel("left", f.left.name, list(left)), sidePanel("right", f.right.name, list(right)));
}

function codePart(text) {
  const button = el("button", {class: "copy", type: "button", on: {click: () => copy(text, button)}}, "Copy");
  return el("div", {class: "code"}, el("pre", {}, text), button);
}

function copy(text, button) {
  const done = ok => { button.textContent = ok ? "Copied" : "Press Ctrl+C"; setTimeout(() => { button.textContent = "Copy"; }, 1500); };
  const select = () => { getSelection().selectAllChildren(button.parentNode.firstChild); done(document.execCommand("copy")); };
  if (navigator.clipboard && isSecureContext) navigator.clipboard.writeText(text).then(() => done(true), select);
  else select();
}

function reproducerPart(f, text, absent) {
  const line = el("div", {class: "run-line"}, el("span", {class: "absent"}, "Replay with Faultline:"), el("code", {}, f.replay));
  return el("div", {}, line, text.length ? codePart(lines(text).join("\n")) : el("p", {class: "absent"}, "No reproducer: " + absent + "."));
}

function alsoPart(f) {
  return el("div", {}, f.also.map(o => el("div", {class: "run-line"},
    el("span", {}, o.headline), el("code", {}, o.replay), codePart(lines(o.case).join("\n")))));
}

function factsPart(f) {
  const facts = [["oracle", f.oracle], ["kind", f.kind], ["paths", f.left_path + " and " + f.right_path]];
  if (f.tier !== "none") {
    facts.push(["tier", f.tier]);
    if (f.bound) facts.push(["difference", f.difference + (f.bound > 0 ? ", allowed: " + f.bound : "")]);
  }
  if (f.bound_reason) facts.push(["bound", f.bound_reason]);
  facts.push(["found by", "seed " + f.seed + ", case " + f.index]);
  return el("div", {class: "facts"}, facts.map(([k, v]) => el("span", {}, k + " ", el("b", {}, String(v)))));
}

function drawFinding(f) {
  const tabs = [["Traces", () => tracesPart(f)],
                ["Python", () => reproducerPart(f, f.python, f.python_absent)],
                ["C++", () => reproducerPart(f, f.cpp, f.cpp_absent)], ["Case", () => codePart(lines(f.case).join("\n"))]];
  if (f.also.length) tabs.push([`Also (${f.also.length})`, () => alsoPart(f)]);
  const body = el("div", {});
  const bar = el("div", {class: "tabs", role: "tablist"});
  const show = n => {
    body.replaceChildren(tabs[n][1]());
    [...bar.children].forEach((b, i) => b.setAttribute("aria-selected", i === n));
  };
  bar.append(...tabs.map((t, i) => el("button", {type: "button", role: "tab", on: {click: () => show(i)}}, t[0])));
  show(0);
  return el("article", {class: "finding", id: "f-" + f.fingerprint},
    el("header", {}, el("h4", {}, el("code", {}, f.operator), f.headline.slice(f.operator.length + 2)),
       el("a", {class: "print", href: "#f-" + f.fingerprint, title: "Link to this finding"}, f.fingerprint)),
    codePart(lines(f.call).join("\n")), el("p", {class: "note"}, "At " + f.where + ":"), valuesPart(f),
    el("p", {class: "look"}, f.look_at), el("p", {class: "note"}, "What must agree: " + f.expected),
    ...(f.also_shown_by ? [el("p", {class: "note"}, "The same mistake is " + f.also_shown_by + ".")] : []),
    el("details", {}, el("summary", {}, "Details"), factsPart(f)), bar, body);
}

// ---- groups -------------------------------------------------------------------------------------------------------

const cards = new Map();  // by group id: {card, open, show}

function groupCard(group) {
  const findings = group.findings.map(i => data.findings[i]), first = findings[0];
  const operators = new Set(findings.map(f => f.operator)).size;
  const body = el("div", {class: "body", hidden: true}), place = el("div", {});
  const chips = el("div", {class: "chips"});
  const short = text => text.length > 120 ? text.slice(0, 120) + "…" : text;
  const show = f => {
    place.replaceChildren(drawFinding(f));
    [...chips.children].forEach((chip, i) => chip.setAttribute("aria-pressed", findings[i] === f));
  };
  const open = wanted => {
    body.hidden = !wanted;
    button.setAttribute("aria-expanded", wanted);
    if (wanted && !place.firstChild) show(first);
  };
  const button = el("button", {type: "button", "aria-expanded": false, on: {click: () => open(body.hidden)}},
    el("div", {}, el("h3", {}, group.title),
       el("div", {class: "tags"}, group.fresh > 0 ? el("span", {class: "tag new"}, group.fresh === findings.length ? "new" : group.fresh + " new")
                          : el("span", {class: "tag known"}, "known"),
          el("span", {class: "tag oracle"}, group.oracle), group.needs.map(n => el("span", {class: "tag"}, n)))),
    el("div", {class: "size"}, el("b", {}, number(operators)), el("span", {}, operators === 1 ? "operator" : "operators")),
    el("div", {class: "example"}, el("code", {}, first.operator), ", " + first.where + ": ", first.left.name, " ", el("code", {class: "l"}, short(first.left.text)),
       ", ", first.right.name, " ", el("code", {class: "r"}, short(first.right.text))));
  chips.append(...findings.map(f => el("button", {type: "button", class: "chip" + (f.known ? " old" : ""), "aria-pressed": false,
                                                  title: f.known ? "known: " + f.known : undefined, on: {click: () => show(f)}}, f.operator)));
  const known = [...new Set(findings.map(f => f.known).filter(Boolean))];
  body.append(...known.map(name => el("p", {class: "reason"}, el("b", {}, "Known: " + name + ". "), data.reasons[name] || "")),
              findings.length > 1 ? chips : "", place);
  const card = el("article", {class: "group" + (group.fresh > 0 ? "" : " known")}, button, body);
  cards.set(group.id, {card, open, show});
  return card;
}

function drawGroups() {
  const list = at("group-list"), oracles = [...new Set(data.groups.map(g => g.oracle))].sort();
  let oracle = null;
  const search = el("input", {type: "search", placeholder: "Filter groups and operators", "aria-label": "Filter groups and operators"});
  const fresh = el("input", {type: "checkbox"});
  const count = el("span", {class: "count"});
  const text = new Map(data.groups.map(g => [g.id, [g.title, g.oracle, ...g.needs, ...g.findings.map(i => data.findings[i].operator)].join(" ").toLowerCase()]));
  const apply = () => {
    let shown = 0;
    for (const g of data.groups) {
      const visible = (!oracle || g.oracle === oracle) && (!fresh.checked || g.fresh > 0) && text.get(g.id).includes(search.value.trim().toLowerCase());
      cards.get(g.id).card.hidden = !visible;
      shown += visible;
    }
    count.textContent = shown === data.groups.length ? plural(shown, "group") : shown + " of " + plural(data.groups.length, "group");
  };
  const pills = oracles.map(name => el("button", {type: "button", class: "pill", "aria-pressed": false, on: {click: event => {
    oracle = oracle === name ? null : name;
    pills.forEach(p => p.setAttribute("aria-pressed", oracle !== null && p === event.currentTarget));
    apply();
  }}}, name, el("small", {}, data.groups.filter(g => g.oracle === name).length)));
  search.addEventListener("input", apply);
  fresh.addEventListener("change", apply);
  at("group-controls").append(search, pills.length > 1 ? el("span", {class: "pills"}, pills) : "", el("label", {}, fresh, "new only"), count);
  list.replaceChildren(...data.groups.map(groupCard));
  if (data.groups.length === 0) list.append(el("p", {class: "empty"}, "No findings."));
  apply();
}

function openFinding(fingerprint) {
  const f = data.findings.find(x => x.fingerprint === fingerprint);
  if (!f) return;
  const entry = cards.get(f.group);
  entry.card.hidden = false;
  entry.open(true);
  entry.show(f);
  entry.card.scrollIntoView();
}

// ---- operators × oracles --------------------------------------------------------------------------------------------

const findingsOf = new Map();  // "operator oracle": findings
for (const f of data.findings) {
  const key = f.operator + " " + f.oracle;
  findingsOf.set(key, [...(findingsOf.get(key) || []), f]);
}

function cell(op, index) {
  const counts = op.oracles[index], found = findingsOf.get(op.name + " " + data.oracles[index].name) || [];
  const fresh = found.filter(f => !f.known);
  if (found.length) {
    const f = fresh[0] || found[0];
    return el("td", {class: "cell"}, el("button", {type: "button", class: "dot " + (fresh.length ? "new" : "known"),
      title: f.headline, on: {click: () => openFinding(f.fingerprint)}}, number(found.length)));
  }
  if (!counts) return el("td", {class: "cell"});
  const [checks, agree, raised, incomparable, refused, gap] = counts;
  const state = agree ? "agree" : gap ? "gap" : incomparable ? "incomparable" : raised ? "raised" : checks === 0 && refused ? "refused" : "";
  const title = plural(checks, "check") + ", " + agree + " agree, " + raised + " both raise, " + incomparable + " incomparable; " +
                refused + " refused, " + plural(gap, "gap");
  return el("td", {class: "cell"}, state ? el("span", {class: "dot " + state, title}) : null);
}

function drawMatrix() {
  const hasFinding = op => data.oracles.some(o => findingsOf.has(op.name + " " + o.name));
  const hasGap = op => op.gaps > 0 || op.missing.length > 0 || op.oracles.some(c => c && c[5] > 0);
  const rules = {findings: hasFinding, gaps: hasGap, "findings or gaps": op => hasFinding(op) || hasGap(op),
                 "never accepted": op => op.accepted === 0, "never executed": op => op.executed === 0, "all": () => true};
  const amount = name => data.operators.filter(rules[name]).length;
  const select = el("select", {"aria-label": "Which operators"},
    Object.keys(rules).map(name => el("option", {value: name}, name + " (" + number(amount(name)) + ")")));
  const search = el("input", {type: "search", placeholder: "Filter operators", "aria-label": "Filter operators"});
  const count = el("span", {class: "count"});
  if (data.operators.length <= 100) select.value = "all";
  let limit = 60;
  const columns = data.oracles.map((o, i) => i).filter(i => data.oracles[i].checks > 0);
  const missingRow = op => el("tr", {class: "missing"}, el("td", {colspan: columns.length + 4}, el("details", {},
    el("summary", {}, op.missing.map(m => m.text).join("; ")),
    op.missing.flatMap(m => m.advice.map(a => el("code", {}, a))))));
  const found = new Map(data.operators.map(op => [op.name, data.findings.filter(f => f.operator === op.name)]));
  const findingsCell = op => {
    const fresh = found.get(op.name).filter(f => !f.known).length, known = found.get(op.name).length - fresh;
    return el("td", {class: fresh ? "warn" : undefined}, [fresh || !known ? String(fresh) : "", known ? known + " known" : ""].filter(Boolean).join(" + "));
  };
  const rowsOf = op => [el("tr", {}, el("td", {class: "name", title: op.name}, op.name),
    el("td", {class: op.accepted > 0 ? "share" : "share warn", title: number(op.accepted) + " of " + plural(op.drawn, "drawn call") + " accepted"}, op.share),
    findingsCell(op), el("td", {class: "text"}, op.judges), columns.map(i => cell(op, i))), op.missing.length ? missingRow(op) : null];
  // What each column sorts by: the most urgent first.
  const sortKeys = {operator: op => op.name, accepted: op => op.drawn ? op.accepted / op.drawn : 2,
                    findings: op => -found.get(op.name).reduce((sum, f) => sum + (f.known ? 0.001 : 1), 0),
                    "judged by": op => columns.filter(i => op.oracles[i] && op.oracles[i][1] > 0).length};
  for (const i of columns) sortKeys[data.oracles[i].name] = op => -found.get(op.name).filter(f => f.oracle === data.oracles[i].name).length;
  let sorted = "operator", down = false;
  const sortButton = name => el("th", {class: name === "judged by" ? "text" : undefined,
      "aria-sort": sorted === name ? (down ? "descending" : "ascending") : undefined},
    el("button", {type: "button", class: "sort", title: "Sort by " + name, on: {click: () => {
      down = sorted === name && !down;
      sorted = name;
      apply();
    }}}, name, sorted === name ? (down ? " ▾" : " ▴") : ""));
  const inOrder = (a, b) => {
    const x = sortKeys[sorted](a), y = sortKeys[sorted](b);
    return (x < y ? -1 : x > y ? 1 : 0) * (down ? -1 : 1);
  };
  const apply = () => {
    const wanted = search.value.trim().toLowerCase();
    const rows = data.operators.filter(op => rules[select.value](op) && op.name.toLowerCase().includes(wanted)).sort(inOrder);
    const head = el("tr", {}, Object.keys(sortKeys).map(sortButton));
    const shown = rows.slice(0, limit).flatMap(rowsOf).filter(Boolean);
    count.textContent = plural(rows.length, "operator");
    at("matrix").replaceChildren(
      rows.length ? el("table", {}, el("thead", {}, head), el("tbody", {}, shown)) : el("p", {class: "empty"}, "No operator matches."),
      rows.length > limit ? el("button", {type: "button", class: "more", on: {click: () => { limit += 300; apply(); }}},
                               "Show more (" + number(rows.length - limit) + " left)") : "");
  };
  select.addEventListener("change", () => { limit = 60; apply(); });
  search.addEventListener("input", () => { limit = 60; apply(); });
  at("matrix-controls").append(search, select, count);
  at("matrix-legend").append(...[["new", "new findings"], ["known", "known findings"], ["agree", "agrees"], ["incomparable", "incomparable"],
    ["raised", "both sides raise"], ["gap", "gap"], ["refused", "refused"]].map(([c, text]) => el("span", {}, el("i", {class: "dot " + c, style: "min-width:12px;width:12px;height:12px"}), text)));
  apply();
}

// ---- tables -------------------------------------------------------------------------------------------------------

function drawOracles() {
  const names = ["checks", "agree", "both_raised", "incomparable", "differ", "crashes", "timeouts", "memory", "refused", "gap"];
  const reach = ["fallback", "own", "fallthrough", "bypassed"];
  const head = el("tr", {}, el("th", {}, "oracle"), names.map(n => el("th", {}, n.replace("_", " "))), reach.map(n => el("th", {}, "reach: " + n)));
  at("oracle-table").append(el("table", {}, el("thead", {}, head), el("tbody", {}, data.oracles.map(o => el("tr", {},
    el("td", {}, o.name, o.not_run ? el("span", {class: "warn", title: o.not_run}, " not run") : null),
    names.map(n => el("td", {}, number(o[n]))), reach.map(n => el("td", {}, number(o.reach[n]))))))));
}

function drawRuns() {
  const head = el("tr", {}, ["subject", "seed", "cases", "Faultline", "options"].map(n => el("th", {class: n === "options" ? "text" : undefined}, n)));
  at("run-table").append(el("table", {}, el("thead", {}, head), el("tbody", {}, data.runs.map(r => el("tr", {},
    el("td", {}, r.subject + " " + r.subject_version), el("td", {}, String(r.seed)), el("td", {}, number(r.cases)), el("td", {}, r.version),
    el("td", {class: "text"}, r.options))))));
}

// Findings on operators of the library, in a run of an author's operators.
function drawForeign() {
  if (data.foreign.length === 0) return;
  at("group-list").append(el("details", {class: "foreign"},
    el("summary", {}, plural(data.foreign.length, "finding") + " more on operators of the library, not yours"),
    data.foreign.map(f => el("div", {class: "run-line"},
      el("span", {}, f.headline + (f.known ? " (known: " + f.known + ")" : "")), el("code", {}, f.replay)))));
}

drawTotals();
drawGroups();
drawForeign();
drawMatrix();
drawOracles();
drawRuns();
const follow = () => { if (location.hash.startsWith("#f-")) openFinding(location.hash.slice(3)); };
addEventListener("hashchange", follow);
follow();
document.documentElement.dataset.drawn = data.groups.length + " groups";  // for tests
