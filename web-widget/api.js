// What the widget asks over HTTP, for the holder of the conversation's token. The token travels in a header, never in an address.

/** Why the server did not do it. `code` is stable, for `words`; empty when it could not be reached. */
export class Refusal extends Error {
  /** @param {string} code */
  constructor(code) {
    super(code || 'the server cannot be reached');
    this.code = code;
  }
}

export class Api {
  #server;
  #token;

  /** @param {string} server base URL, ending in `/` @param {() => string | undefined} token */
  constructor(server, token) {
    this.#server = server;
    this.#token = token;
  }

  /** @param {string} path @returns {Record<string, string>} */
  #headers(path) {
    const token = this.#token();
    if (!token) throw new Refusal(`no conversation for ${path}`);
    return { authorization: `Bearer ${token}` };
  }

  /**
   * @param {'GET' | 'POST' | 'DELETE'} method
   * @param {string} path `v1/rating`
   * @param {object} [body]
   * @returns {Promise<Response>}
   */
  async ask(method, path, body) {
    const headers = this.#headers(path);
    const sent = body && JSON.stringify(body);
    const answer = await fetch(new URL(path, this.#server), { method, headers, body: sent, credentials: 'omit', referrerPolicy: 'no-referrer' }).catch(() => {
      throw new Refusal('');
    });
    if (!answer.ok) throw new Refusal(codeIn(await answer.text()));
    return answer;
  }

  /**
   * Sends a file, which can be watched and stopped.
   * @param {string} path @param {Blob} file
   * @param {(share: number) => void} progress from 0 to 1
   * @param {AbortSignal} stop
   * @returns {Promise<any>} what the server answers
   */
  send(path, file, progress, stop) {
    return new Promise((done, refuse) => {
      const request = new XMLHttpRequest();
      request.open('POST', new URL(path, this.#server));
      for (const [name, value] of Object.entries(this.#headers(path))) request.setRequestHeader(name, value);
      request.upload.onprogress = ({ loaded, total }) => progress(total ? loaded / total : 0);
      request.onload = () => (request.status < 300 ? done(JSON.parse(request.responseText)) : refuse(new Refusal(codeIn(request.responseText))));
      request.onerror = () => refuse(new Refusal(''));
      stop.addEventListener('abort', () => request.abort());
      request.send(file);
    });
  }
}

/** @param {string} answer */
function codeIn(answer) {
  try {
    return String(JSON.parse(answer).error.code);
  } catch {
    return 'store_unavailable';
  }
}
