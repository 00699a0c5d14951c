// The live page: asks for the numbers every two seconds, and writes them where they belong.

const EVERY_MS = 2000;
const $ = id => document.getElementById(id);
const whole = new Intl.NumberFormat(undefined);
const fine = new Intl.NumberFormat(undefined, { maximumFractionDigits: 1 });
const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const marks = { Healthy: "✓", Degraded: "!", Unhealthy: "✕" };

let last = null;

// Only what has changed is written: who reads the page aloud is not told the same again.
function text(element, value) {
  if (element.textContent !== value) element.textContent = value;
}

function rows(id, items, cells, empty) {
  const body = $(id).tBodies[0];
  const labels = [...$(id).tHead.rows[0].cells].map(cell => cell.textContent);
  body.replaceChildren(...items.map(item => {
    const row = document.createElement("tr");
    cells(item).forEach((value, index) => {
      const cell = document.createElement(index === 0 ? "th" : "td");
      if (index === 0) cell.scope = "row";
      cell.dataset.label = labels[index];
      cell.append(value);
      row.append(cell);
    });
    return row;
  }));
  if (items.length === 0) {
    const row = document.createElement("tr");
    row.className = "none";
    const cell = document.createElement("td");
    cell.colSpan = labels.length;
    cell.textContent = empty;
    row.append(cell);
    body.append(row);
  }
}

const ms = value => value === 0 ? "–" : value < 0.01 ? "< 0.01 ms" : `${value < 1 ? value.toFixed(2) : fine.format(value)} ms`;

function show(numbers) {
  const { health, charges } = numbers;
  $("health").className = health.status;
  text($("mark"), marks[health.status]);
  text($("verdict"), health.status);
  text($("score"), `${fine.format(health.score)} of 100`);
  const findings = health.findings.join("\n");
  if ($("findings").dataset.shown !== findings) {
    $("findings").dataset.shown = findings;
    $("findings").replaceChildren(...health.findings.map(finding => {
      const item = document.createElement("li");
      item.textContent = finding;
      return item;
    }));
  }

  const minutes = Math.max(1, Math.round(health.windowSeconds / 60));
  text($("rates"), `Over the last ${minutes === 1 ? "minute" : `${minutes} minutes`}, per 100 requests: ${fine.format(health.retryPercent)} retries, ` +
    `${fine.format(health.rejectionPercent)} rejected answers; ${fine.format(health.rollbackPercent)} of 100 transactions rolled back.`);

  text($("requests"), whole.format(numbers.requests));
  text($("retries"), whole.format(numbers.retries));
  text($("charged"), whole.format(charges.charged));
  text($("notCharged"), whole.format(charges.notCharged + charges.expired));
  text($("refunded"), whole.format(charges.refunded));
  text($("open"), whole.format(numbers.inProgress));
  text($("late"), whole.format(charges.late));
  text($("journaled"), whole.format(charges.journaled));
  text($("budget"), whole.format(numbers.budgetMs));

  const result = phase => phase.count === 0 ? "nothing measured" : phase.p99Ms <= phase.budgetMs ? "✓ within" : "✕ over";
  rows("phases", numbers.phases, phase => [phase.name, ms(phase.p50Ms), ms(phase.p99Ms), `${whole.format(phase.budgetMs)} ms`, result(phase)], "");
  const bar = (count, of) => {
    const value = document.createElement("span");
    value.textContent = whole.format(count);
    const line = document.createElement("span");
    line.className = "bar";
    line.style.width = `${of > 0 ? 100 * count / of : 0}%`;
    value.append(line);
    return value;
  };
  rows("outcomes", numbers.outcomes, outcome => [outcome.name, bar(outcome.count, numbers.requests)], "No request has ended yet.");
  const rejected = numbers.rejections.reduce((sum, rejection) => sum + rejection.count, 0);
  rows("rejections", numbers.rejections, rejection => [rejection.name, bar(rejection.count, rejected)], "None was.");
  rows("models", numbers.models, model => [
    model.name, whole.format(model.requests), whole.format(model.retries), whole.format(model.rejections), whole.format(model.fallbacks), fine.format(model.retryPercent),
  ], "No model was called yet.");
}

async function refresh() {
  try {
    const reply = await fetch("/reliable/numbers", { signal: AbortSignal.timeout(5000) });
    if (!reply.ok) throw new Error(`Status ${reply.status}.`);
    show(await reply.json());
    last = new Date();
    $("age").classList.remove("old");
    text($("age"), `As of ${clock.format(last)}, renewed every two seconds.`);
  } catch {
    $("age").classList.add("old");
    text($("age"), last === null ? "The service cannot be reached. Trying again …" : `The service cannot be reached. These are the numbers of ${clock.format(last)}.`);
  }

  setTimeout(refresh, EVERY_MS);
}

refresh();
