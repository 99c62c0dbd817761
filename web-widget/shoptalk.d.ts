// What a shop's page can ask of the chat and be told by it: `window.shoptalk`, or
// `import { shoptalk } from 'shoptalk-widget'`. docs/widget.md says more about each.

/** The tag's `data-…` attributes, as an object. */
export type Settings = {
  /** Where the chat is served, `https://chat.shop.example`; else where widget.js is. */
  server?: string;
  /** Words on the button, beside its picture. */
  label?: string;
  /** A BCP 47 tag, `de-AT`; else the page's `lang`. */
  locale?: string;
  theme?: 'light' | 'dark';
  /** Of the bottom edge. */
  position?: 'start' | 'end';
};

/** A line of a cart; `sku` is a variant's. */
export type CartLine = {
  sku: string;
  quantity: number;
  /** What the shop's platform calls the variant, where the catalog says: told by `on('cart')`, for carts that take no SKU. */
  id?: string;
  /** Of one piece, in the shop's currency: `19.9`. Only nudges that go by the cart's worth need it. */
  price?: number;
};

export type EventKind = 'view' | 'search' | 'add' | 'remove' | 'checkout' | 'purchase' | 'impression' | 'click';

export type EventDetails = {
  sku?: string;
  quantity?: number;
  items?: { sku: string; quantity?: number }[];
  order?: string;
  query?: string;
  results?: number;
  placement?: string;
  position?: number;
};

/** What `on` tells. Each is also a DOM event of the same name behind `shoptalk-`, that bubbles up to `window`. */
export type Events = {
  /** The button is on the page. */
  ready: Shoptalk;
  open: undefined;
  close: undefined;
  /** Somebody said something; `text` only where they typed it. */
  message: { from: 'shopper' | 'assistant' | 'agent' | 'system'; seq: number; at: string; text?: string };
  unread: { unread: number };
  /** The chat changed the cart: these are all its lines now. */
  cart: { lines: { sku: string; quantity: number }[]; code?: string };
  /** A nudge was shown, followed or dismissed. */
  nudge: { id: string; what: 'shown' | 'opened' | 'dismissed' };
  /** Something went wrong that the page may want to know; the shopper has been told where it concerns them. */
  error: { code: string; message: string };
};

/** What can stand in the queue before widget.js is there: a method with its arguments, or a function. */
export type Call = ((shoptalk: Shoptalk) => void) | [keyof Shoptalk, ...unknown[]];

export type Shoptalk = {
  /** Fulfilled when the button is on the page. */
  readonly ready: Promise<Shoptalk>;
  readonly opened: boolean;
  /** Replies that came while the panel was closed. */
  readonly unread: number;
  /** Did the shopper agree that what they do is remembered? */
  readonly consented: boolean;
  /** Puts the chat on the page. Not needed with the tag or with `<shop-talk>` in the page. */
  mount(settings?: Settings): Promise<Shoptalk>;
  open(how?: { focus?: boolean; draft?: string }): Promise<void>;
  close(how?: { focus?: boolean }): Promise<void>;
  toggle(how?: { focus?: boolean; draft?: string }): Promise<void>;
  /** Opens the chat and says words as if the shopper had typed them. */
  send(text: string): Promise<void>;
  /** Who is signed in, by a token that the shop's server signed; null for nobody. */
  identify(token: string | null): Promise<void>;
  setLocale(locale: string): Promise<void>;
  /** The path of a page that was not loaded but drawn. */
  setPage(path: string): Promise<void>;
  /** The page's cart, or a function that tells it; null when the page has none. */
  setCart(cart: CartLine[] | (() => CartLine[]) | null): Promise<void>;
  /** What the shopper said when asked. `false` deletes what was kept. */
  consent(on: boolean): Promise<void>;
  track(type: EventKind, details?: EventDetails): Promise<void>;
  /** Tells when a suggestion on the page was seen and followed. */
  watch(element: Element, details: EventDetails & { sku: string }): Promise<void>;
  /** Headers that say who asks the HTTP interface, when they consented. */
  authorization(): Promise<Record<string, string>>;
  /** Takes the chat off the page, until it is mounted again. */
  destroy(): Promise<void>;
  /** Answers with what takes the listener off again. */
  on<Name extends keyof Events>(name: Name, listener: (detail: Events[Name]) => void): () => void;
  off<Name extends keyof Events>(name: Name, listener: (detail: Events[Name]) => void): void;
  push(...calls: Call[]): void;
};

export const shoptalk: Shoptalk;

declare global {
  interface Window {
    /** A plain array until widget.js is there. */
    shoptalk: Shoptalk;
  }
}
