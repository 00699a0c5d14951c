// The page of the sample: one conversation and one quota for each of three users.

const $ = id => document.getElementById(id);
const log = $("log"), form = $("form"), message = $("message"), send = $("send"), status = $("status");

const users = new Map([...document.querySelectorAll("input[name=user]")].map(input => [input.value, {
  id: input.value, name: input.nextElementSibling.textContent, entries: [], draft: "", asking: false, usage: null,
}]));
let current = users.get(document.querySelector("input[name=user]:checked").value);

const time = new Intl.DateTimeFormat(undefined, { weekday: "short", hour: "2-digit", minute: "2-digit" });

function entry(user, kind, text, note) {
  const article = document.createElement("article");
  article.className = kind;
  const paragraph = document.createElement("p");
  paragraph.textContent = text;
  article.append(paragraph);
  if (note) {
    const small = document.createElement("small");
    small.textContent = note;
    article.append(small);
  }

  user.entries.push(article);
  if (user === current) {
    log.append(article);
    log.scrollTop = log.scrollHeight;
  }
}

function showUsage(user) {
  if (user !== current) return;
  const usage = user.usage;
  const limited = usage !== null && usage.limit !== null;
  $("used").textContent = usage === null ? "–" : limited ? `${usage.used} of ${usage.limit}` : `${usage.used}`;
  $("left").textContent = usage === null ? "" : limited ? (usage.remaining > 0 ? `used, ${usage.remaining} left` : "used, none left") : "used, no limit";
  $("resets").textContent = usage === null ? "" : `Starts again from zero on ${time.format(new Date(usage.resetsAt))}.`;
  $("quota").classList.toggle("full", limited && usage.remaining <= 0);

  const bar = $("bar");
  bar.hidden = !limited;
  if (limited) {
    bar.setAttribute("aria-valuemax", usage.limit);
    bar.setAttribute("aria-valuenow", usage.used);
    bar.setAttribute("aria-valuetext", `${usage.used} of ${usage.limit} used`);
    $("fill").style.width = `${usage.limit > 0 ? Math.min(100, 100 * usage.used / usage.limit) : 100}%`;
  }
}

function showAsking() {
  send.disabled = current.asking;
  status.textContent = current.asking ? "The assistant is writing …" : "";
}

async function readUsage(user) {
  try {
    const reply = await fetch(`/usage/${encodeURIComponent(user.id)}`);
    if (reply.ok) user.usage = await reply.json();
  } catch {
    // The next answer brings the numbers.
  }

  showUsage(user);
}

function noteOn(answer) {
  if (answer.fallback) return `Needed ${answer.attempts} attempts; the last resort answered. Counted once.`;
  return answer.attempts > 1 ? `Needed ${answer.attempts} attempts. Counted once.` : "";
}

function problemText(problem, reply) {
  const mistakes = Object.values(problem.errors ?? {}).flat();
  const text = mistakes.length > 0 ? mistakes.join(" ") : problem.detail ?? problem.title ?? `The service answered with status ${reply.status}.`;
  return reply.status === 429 && problem.used >= problem.limit ? `${text} You can ask again from ${time.format(new Date(problem.resetsAt))}.` : text;
}

async function ask(user, text) {
  entry(user, "mine", text);
  user.asking = true;
  showAsking();
  const patience = setTimeout(() => {
    if (user === current && user.asking) status.textContent = "Still at it: an answer that is not good enough is asked for again …";
  }, 3000);
  try {
    const reply = await fetch("/chat", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ userId: user.id, message: text }),
    });
    const body = await reply.json();
    if (reply.ok) {
      entry(user, "answer", body.answer, noteOn(body));
      user.usage = body.usage;
    } else {
      entry(user, "notice", problemText(body, reply), body.attempts > 1 ? `After ${body.attempts} attempts.` : "");
      await readUsage(user);
    }
  } catch {
    entry(user, "notice", "The service cannot be reached. Please try again in a moment.");
  } finally {
    clearTimeout(patience);
    user.asking = false;
    showAsking();
    showUsage(user);
  }
}

form.addEventListener("submit", event => {
  event.preventDefault();
  const text = message.value;
  if (current.asking || text.trim() === "") return;
  message.value = "";
  message.focus();
  ask(current, text);
});

message.addEventListener("keydown", event => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    form.requestSubmit();
  }
});

$("users").addEventListener("change", event => {
  current.draft = message.value;
  current = users.get(event.target.value);
  message.value = current.draft;

  // Not news: a conversation that was there before is not read out again.
  log.setAttribute("aria-live", "off");
  log.replaceChildren(...current.entries);
  log.scrollTop = log.scrollHeight;
  requestAnimationFrame(() => log.setAttribute("aria-live", "polite"));
  showAsking();
  showUsage(current);
  readUsage(current);
});

showAsking();
readUsage(current);
