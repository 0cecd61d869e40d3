// Every page can be read and every form can be sent without this script.

// Copy buttons. The page hides them, because they need this script.
for (const button of document.querySelectorAll("button[data-copies]")) {
  const source = document.getElementById(button.dataset.copies);
  if (!source || !navigator.clipboard) continue;
  const word = button.textContent;
  const status = button.parentElement.querySelector("[role=status]");
  let timer;
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(source.textContent);
      button.textContent = "Copied";
    } catch {
      // A browser may refuse. The text is then selected, so that one key copies it.
      getSelection().selectAllChildren(source);
      button.textContent = "Selected";
    }
    if (status) status.textContent = button.textContent;
    clearTimeout(timer);
    timer = setTimeout(() => {
      button.textContent = word;
      if (status) status.textContent = "";
    }, 2000);
  });
}

// Rules of a new password, judged while it is typed. The server judges them all when it is sent.
const rules = {
  length: (text, min) => [...text].length >= min && [...text].length <= 64,
  lowercase: (text) => /[a-z]/.test(text),
  uppercase: (text) => /[A-Z]/.test(text),
  digit: (text) => /[0-9]/.test(text),
  symbol: (text) => /[~!@#$%^&*_\-+=`|\\(){}[\]:;"'<>,.?/]/.test(text),
};
for (const list of document.querySelectorAll("ul.rules")) {
  const input = list.closest(".field")?.querySelector("input");
  input?.addEventListener("input", () => {
    for (const item of list.querySelectorAll("li")) {
      const rule = rules[item.dataset.rule];
      const verdict = item.querySelector(".verdict");
      // What only the server can judge is not judged yet for another password.
      if (!rule) delete item.dataset.met;
      else item.dataset.met = rule(input.value, Number(item.dataset.min)) ? "yes" : "no";
      verdict.textContent = { yes: "Met: ", no: "Not met: " }[item.dataset.met] ?? "";
    }
  });
}

// Times in the reader's time zone, with the zone. The page has them in UTC.
const clock = { hour: "2-digit", minute: "2-digit", timeZoneName: "short" };
const forms = {
  clock: new Intl.DateTimeFormat("en-GB", clock),
  day: new Intl.DateTimeFormat("en-GB", { ...clock, day: "numeric", month: "long" }),
  moment: new Intl.DateTimeFormat("en-GB", { ...clock, day: "numeric", month: "long", year: "numeric" }),
};
for (const time of document.querySelectorAll("time[data-form]")) {
  const at = new Date(time.dateTime);
  const form = forms[time.dataset.form];
  if (!form || Number.isNaN(at.getTime())) continue;
  time.title = time.textContent;
  time.textContent = form.format(at).replace(" at ", ", ");
}

// On a phone the navigation is one line that scrolls. Show the current link.
const rooms = document.querySelector(".rooms");
const here = rooms?.querySelector("[aria-current]");
if (here) rooms.scrollLeft = here.offsetLeft - (rooms.clientWidth - here.offsetWidth) / 2;

// WebAuthn: the one thing that needs this script. The page has the options in a form; the answer goes into the form, and
// the form is sent. Members that are binary are base64url in the page.
const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const known = (list) => (list ?? []).map((one) => ({ ...one, id: bytes(one.id) }));
const ceremonies = {
  async create(options) {
    const { response, ...credential } = await ask("create", {
      ...options,
      challenge: bytes(options.challenge),
      user: { ...options.user, id: bytes(options.user.id) },
      excludeCredentials: known(options.excludeCredentials),
    });
    return {
      ...credential,
      response: {
        clientDataJSON: text(response.clientDataJSON),
        attestationObject: text(response.attestationObject),
        transports: response.getTransports?.() ?? [],
      },
    };
  },
  async get(options) {
    const { response, ...credential } = await ask("get", {
      ...options,
      challenge: bytes(options.challenge),
      allowCredentials: known(options.allowCredentials),
    });
    return {
      ...credential,
      response: {
        clientDataJSON: text(response.clientDataJSON),
        authenticatorData: text(response.authenticatorData),
        signature: text(response.signature),
        userHandle: response.userHandle ? text(response.userHandle) : null,
      },
    };
  },
};
async function ask(ceremony, publicKey) {
  const credential = await navigator.credentials[ceremony]({ publicKey });
  const id = text(credential.rawId);
  return { id, rawId: id, type: credential.type, clientExtensionResults: {}, response: credential.response };
}
for (const form of document.querySelectorAll("form[data-ceremony]")) {
  const status = form.querySelector("[role=alert]");
  const button = form.querySelector("button");
  const say = (words) => {
    status.textContent = words;
    status.hidden = !words;
  };
  if (!window.PublicKeyCredential) {
    say(form.dataset.unable);
    button.disabled = true;
    continue;
  }
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    say("");
    button.disabled = true;
    try {
      const answer = await ceremonies[form.dataset.ceremony](JSON.parse(form.dataset.options));
      form.elements.answer.value = JSON.stringify(answer);
      form.submit();
    } catch (error) {
      // A browser does not tell refusal from absence, so that sites learn nothing of a person's keys.
      say(error.name === "InvalidStateError" ? form.dataset.known : form.dataset.failed);
      button.disabled = false;
    }
  });
}
