// The page of the sample: one conversation and one quota for each of three users.

const $ = id => document.getElementById(id);
const log = $("log"), form = $("form"), message = $("message"), send = $("send"), status = $("status");

const users = new Map([...document.querySelectorAll("input[name=user]")].map(input => [input.value, {
  id: input.value, name: input.nextElementSibling.textContent, entries: [], draft: "", asking: false, progress: "", usage: null,
}]));
let current = users.get(document.querySelector("input[name=user]:checked").value);

const time = new Intl.DateTimeFormat(undefined, { weekday: "short", hour: "2-digit", minute: "2-digit" });

function entry(user, kind, text, note) {
  const article = document.createElement("article");
  article.className = kind;
  const paragraph = document.createElement("p");
  paragraph.textContent = text;
  article.append(paragraph);
  if (note) addNote(article, note);
  user.entries.push(article);
  if (user === current) {
    log.append(article);
    log.scrollTop = log.scrollHeight;
  }

  return article;
}

function addNote(article, note) {
  const small = document.createElement("small");
  small.textContent = note;
  article.append(small);
}

// One answer while it arrives. Read out once, when it is complete, and not word by word.
function answerOf(user) {
  let article = null;
  const answer = {
    add(text) {
      if (article === null) {
        article = entry(user, "answer writing", "");
        article.setAttribute("aria-busy", "true");
      }

      const isAtEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 40;
      article.firstChild.append(text);
      if (user === current && isAtEnd) log.scrollTop = log.scrollHeight;
    },
    discard() {
      if (article !== null) article.firstChild.textContent = "";
    },
    end(note, isBroken = false) {
      if (article === null) return;
      article.classList.remove("writing");
      article.classList.toggle("broken", isBroken);
      article.removeAttribute("aria-busy");
      if (note) addNote(article, note);
      article = null;
    },
  };
  return answer;
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
  status.textContent = current.asking ? current.progress : "";
}

function progress(user, text) {
  user.progress = text;
  showAsking();
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

// The events of a reply, as they arrive: blocks of lines that end with an empty one.
async function* eventsOf(reply) {
  const reader = reply.body.pipeThrough(new TextDecoderStream()).getReader();
  let buffer = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    buffer += value;
    let end;
    while ((end = buffer.indexOf("\n\n")) >= 0) {
      const lines = buffer.slice(0, end).split("\n");
      buffer = buffer.slice(end + 2);
      const name = lines.find(line => line.startsWith("event: "))?.slice(7);
      const data = lines.find(line => line.startsWith("data: "))?.slice(6);
      if (name && data) yield { name, data: JSON.parse(data) };
    }
  }
}

const again = retry => retry.fallback
  ? "None of the answers was good enough. Trying the last resort …"
  : `The answer was not good enough, and is asked for again: attempt ${retry.attempt} of ${retry.maxAttempts} …`;

async function readAnswer(user, reply) {
  const answer = answerOf(user);
  let isOver = false;
  try {
    for await (const { name, data } of eventsOf(reply)) {
      if (name === "text") {
        progress(user, "The assistant is writing …");
        answer.add(data.text);
      } else if (name === "retry" || name === "restart") {
        if (name === "restart") answer.discard();
        progress(user, again(data));
      } else if (name === "done") {
        isOver = true;
        answer.end(noteOn(data));
        user.usage = data.usage;
      } else if (name === "problem") {
        isOver = true;
        answer.end("Incomplete, and not counted.", true);
        entry(user, "notice", problemText(data, { status: data.status }), data.attempts > 1 ? `After ${data.attempts} attempts.` : "");
        await readUsage(user);
      }
    }
  } finally {
    if (!isOver) answer.end("Incomplete.", true);
  }

  if (!isOver) throw new Error("The reply has no end.");
}

async function ask(user, text) {
  entry(user, "mine", text);
  user.asking = true;
  progress(user, "The assistant is thinking …");
  try {
    const reply = await fetch("/chat", {
      method: "POST",
      headers: { "Content-Type": "application/json", "Accept": "text/event-stream" },
      body: JSON.stringify({ userId: user.id, message: text }),
    });
    if (reply.ok) {
      await readAnswer(user, reply);
    } else {
      const problem = await reply.json();
      entry(user, "notice", problemText(problem, reply), problem.attempts > 1 ? `After ${problem.attempts} attempts.` : "");
      await readUsage(user);
    }
  } catch {
    entry(user, "notice", "The service cannot be reached. Please try again in a moment.");
    await readUsage(user);
  } finally {
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
