/** @import { Money } from './types' */
/** @import { Strings } from './strings.js' */
import { en } from './strings.js';

/** Languages beside English: only the one that is read is fetched. */
export const LANGUAGES = ['ar', 'de', 'es', 'fr', 'it', 'nl', 'pl', 'pt'];

/** Languages of ours whose digits are these. The first formatter of a page takes a browser 50 ms and more, so that small numbers and the clock are written without. */
const DIGITS = /^(de|en|es|fr|it|nl|pl|pt)\b/;
/** Where English is spoken and the clock has twelve hours. */
const TWELVE = /^en(-(AU|CA|HK|IN|NZ|PH|PK|SG|US))?$/;

/** Where decimals and the commonest currencies are written the plain way of the language. */
const PLAIN = /^(de|en|es|fr|it|nl|pl|pt)(-(BR|DE|ES|FR|GB|IE|IT|NL|PL|PT|US))?$/;

const RIGHT_TO_LEFT = /^(ar|dv|fa|he|ku-arab|ps|sd|ug|ur|yi)\b/i;

/** Words, amounts and dates of one locale. */
export class Words {
  /** @type {Record<string, string>} */
  #table;
  /** Made once each: making them is what takes time. @type {Map<string, any>} */
  #formats = new Map();

  /** @param {string} locale a BCP 47 tag @param {Record<string, string>} [strings] what they leave out is said in English */
  constructor(locale, strings) {
    this.locale = locale;
    // English grows by what is fetched later.
    this.#table = Object.assign(Object.create(en), strings);
  }

  /** @param {string} wanted a BCP 47 tag, `en-GB`; one that nobody here speaks is English */
  static async of(wanted) {
    const locale = supported(wanted);
    const { language } = new Intl.Locale(locale);
    const table = LANGUAGES.includes(language) && (await import(`./strings-${language}.js`).catch(() => {}));
    return new Words(locale, table?.strings);
  }

  get language() {
    return new Intl.Locale(this.locale).language;
  }

  get direction() {
    return RIGHT_TO_LEFT.test(this.locale) ? 'rtl' : 'ltr';
  }

  /**
   * @param {keyof Strings} key
   * @param {Record<string, string | number>} [values]
   */
  say(key, values = {}) {
    return (this.#table[key] ?? '').replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
  }

  /** @param {'unread' | 'low'} key @param {number} n */
  count(key, n) {
    const form = `${key}_${this.#once({ key: 'plural' }, () => new Intl.PluralRules(this.locale)).select(n)}`;
    return this.say(/** @type {keyof Strings} */ (form in this.#table ? form : `${key}_other`), { n: this.number(n) });
  }

  /** @param {Money} money */
  money({ minor, currency }) {
    const short = this.#plain(minor / 100, 2);
    const english = this.language === 'en';
    if (short && currency === 'EUR' && !english) return /^(nl|pt(?!-PT))/.test(this.locale) ? `€\xa0${short}` : `${short}\xa0€`;
    const sign = { EUR: '€', GBP: '£', USD: /GB|IE/.test(this.locale) ? '' : '$' }[currency];
    if (short && english && sign) return sign + short;
    const format = this.#numbers({ style: 'currency', currency });
    return format.format(minor / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2));
  }

  /** @param {number} share −0.2 */
  percent(share) {
    const short = this.#plain(Math.round(-share * 100), 0);
    return short ? `-${short}${/^(de|es|fr)/.test(this.locale) ? '\xa0' : ''}%` : this.#numbers({ style: 'percent' }).format(share);
  }

  /** @param {number} value */
  number(value) {
    if (Number.isInteger(value) && value < 1_000 && DIGITS.test(this.locale)) return String(value);
    const rounded = Math.round(value * 10) / 10;
    return this.#plain(rounded, rounded % 1 ? 1 : 0) || this.#numbers({ maximumFractionDigits: 1 }).format(value);
  }

  /** Written without a formatter, or nothing where that is not so simple. @param {number} value @param {number} digits behind the point */
  #plain(value, digits) {
    return value >= 0 && value < 999 && PLAIN.test(this.locale) && value.toFixed(digits).replace('.', this.language === 'en' ? '.' : ',');
  }

  /** A calendar day as the shop wrote it: no time zone moves it. @param {string} iso `2026-11-17` */
  day(iso) {
    const date = new Date(`${iso.slice(0, 10)}T00:00:00Z`);
    if (Number.isNaN(date.getTime())) return iso;
    return this.#date(date, { weekday: 'short', day: 'numeric', month: 'short', timeZone: 'UTC' });
  }

  /** @param {Date} date */
  time(date) {
    const [hours, minutes] = [date.getHours(), String(date.getMinutes()).padStart(2, '0')];
    if (TWELVE.test(this.locale)) return `${hours % 12 || 12}:${minutes}\u202f${hours < 12 ? 'AM' : 'PM'}`;
    if (DIGITS.test(this.locale)) return `${String(hours).padStart(2, '0')}:${minutes}`;
    return this.#date(date, { hour: '2-digit', minute: '2-digit' });
  }

  /** The day of a moment as a reader now would say it. @param {Date} date @param {Date} now */
  calendar(date, now) {
    const days = Math.round((midnight(now) - midnight(date)) / 86_400_000);
    if (days === 0) return this.say('today');
    if (days === 1) return this.say('yesterday');
    return this.#date(date, { weekday: 'long', day: 'numeric', month: 'long' });
  }

  /** @param {Intl.NumberFormatOptions} options @returns {Intl.NumberFormat} */
  #numbers(options) {
    return this.#once(options, () => new Intl.NumberFormat(this.locale, options));
  }

  /** @param {Date} date @param {Intl.DateTimeFormatOptions} options */
  #date(date, options) {
    return this.#once(options, () => new Intl.DateTimeFormat(this.locale, options)).format(date);
  }

  /** @template T @param {object} options @param {() => T} make @returns {T} */
  #once(options, make) {
    const key = JSON.stringify(options);
    if (!this.#formats.has(key)) this.#formats.set(key, make());
    return this.#formats.get(key);
  }
}

/** @param {Date} date */
const midnight = (date) => new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();

/** A page's `lang` can be anything; `Intl` throws on what is no tag. @param {string} locale */
function supported(locale) {
  try {
    return Intl.getCanonicalLocales(locale)[0] ?? 'en';
  } catch {
    return 'en';
  }
}
