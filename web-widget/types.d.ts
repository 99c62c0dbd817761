// The shapes of shoptalk.v1, as docs/protocol.md describes them. Types only: nothing here runs.

export type Money = { minor: number; currency: string };

export type Source =
  | { kind: 'text'; id: string }
  | { kind: 'article'; id: string; title: string; url?: string }
  | { kind: 'product'; sku: string; field: string }
  | { kind: 'order'; number: string; field: string }
  | { kind: 'recommendation'; measure: string }
  | { kind: 'setting'; key: string };

export type Line = { text: string; source: Source };
export type Choice = { label: string; say?: string; source: Source };
export type Stock = { state: 'in_stock' } | { state: 'low'; left: number } | { state: 'back_order' } | { state: 'out' };

export type ProductCard = {
  sku: string;
  title: string;
  url?: string;
  image?: string;
  price: Money;
  from?: boolean;
  was?: Money;
  stock: Stock;
  options?: { name: string; values: string[] }[];
  rating?: number;
  why?: Line[];
  /** Those that fit what was asked; `values` in the order of `options`. */
  variants?: VariantCard[];
  /** Puts it in the cart; `{what}` in its words stands for the title and the values picked. */
  add?: Choice;
};

/** Price and picture are the card's where it has none of its own. */
export type VariantCard = { sku: string; values: string[]; price?: Money; was?: Money; stock: Stock; image?: string };

export type Step = { status: string; label: Line; on?: string };

export type OrderCard = {
  number: string;
  status: string;
  headline: Line;
  placed_on: string;
  expected_on?: string;
  parcels?: { carrier: string; tracking?: { number: string; url?: string } }[];
  timeline: Step[];
  items: { title: string; variant: string; quantity: number; price: Money }[];
  total: Money;
};

export type ReturnCard = {
  /** Absent until it is opened. */
  rma?: string;
  order: string;
  state: 'proposed' | 'open' | 'received' | 'refunded' | 'rejected' | 'closed';
  headline: Line;
  items: OrderCard['items'];
  reason?: Line;
  wish: Line;
  next?: Line[];
  label?: { label: Line; url: string };
};

export type Amount = { label: Line; amount: Money };

export type CartCard = {
  lines: {
    sku: string;
    id?: string;
    title: string;
    variant: string;
    url?: string;
    image?: string;
    quantity: number;
    price: Money;
    less: Choice;
    more: Choice;
    remove: Choice;
  }[];
  goods: Money;
  discount?: Amount;
  shipping?: Amount;
  total: Money;
  note?: Line;
  /** What only the page knows: it stays in its cart. */
  beside?: CartItem[];
  code?: string;
};

/** A line of a cart, as the page and the chat tell each other. */
export type CartItem = { sku: string; quantity: number };

export type Field = { kind: string; label: Line; autocomplete?: string };

export type Block =
  | { type: 'text'; lines: Line[] }
  | { type: 'choices'; prompt?: Line; choices: Choice[] }
  | { type: 'products'; items: ProductCard[]; compare?: Choice }
  | { type: 'comparison'; products: ProductCard[]; rows: { name: string; alike?: boolean; values: (Line | null)[] }[] }
  | ({ type: 'cart' } & CartCard)
  | ({ type: 'order' } & OrderCard)
  | ({ type: 'return' } & ReturnCard)
  | { type: 'form'; prompt: Line; fields: Field[]; submit: Choice }
  | { type: 'link'; label: Line; url: string }
  | { type: 'image'; url: string; alt: Line }
  | { type: 'rating'; prompt: Line }
  | { type: 'handoff'; state: 'waiting' | 'out_of_hours'; message: Line };

export type Entry = {
  seq: number;
  at: string;
  from: 'shopper' | 'assistant' | 'agent' | 'system';
  /** The client's own id; on a shopper's entry only. */
  id?: string;
  /** Of the person who speaks; on an agent's entry only. */
  name?: string;
  picture?: string;
  text?: string;
  /** Sent along by the shopper. */
  attachments?: Photo[];
  blocks?: Block[];
};

/** A photo that was uploaded. */
export type Photo = { id: string; width: number; height: number };

export type UploadTerms = { most_bytes: number; per_message: number };

/** What this shopper said about the conversation so far: that it was rated, and which replies helped, by their number. */
export type Feedback = { rated?: boolean; helpful?: Record<string, boolean> };

export type Shop = {
  name: string;
  currency: string;
  language: string;
  /** All that are understood. */
  languages?: string[];
  people: 'open' | 'closed';
  hours?: string;
  /** Absent where the shop takes no photos. */
  uploads?: UploadTerms;
  /** Days after the last message: of visitors, and of shoppers the shop knows. */
  keeps?: { days: number; days_known: number };
  /** May shoppers say whether an article helped? */
  asks_helpful?: boolean;
};

export type Welcome = {
  type: 'welcome';
  protocol: string;
  conversation: string;
  token: string;
  last_seq: number;
  resync: boolean;
  shop: Shop;
  entries: Entry[];
  more: boolean;
  greeting?: Block[];
  /** The server's clock. */
  now?: string;
  feedback?: Feedback;
};

export type ServerFrame =
  | Welcome
  | { type: 'ack'; id: string; seq: number }
  | { type: 'entry'; entry: Entry }
  | { type: 'history'; entries: Entry[]; more: boolean }
  | { type: 'typing'; from: string }
  | { type: 'error'; code: string; message: string; id?: string; retry_after_ms?: number }
  | { type: 'pong' };

export type ClientFrame =
  | { type: 'hello'; token?: string; last_seq?: number; locale?: string; page?: string; identity?: string }
  | { type: 'message'; id: string; text: string; cart?: CartItem[]; attachments?: string[] }
  | { type: 'typing' }
  | { type: 'ping' }
  | { type: 'history'; before: number; limit: number };

/** A message of this browser that the server has not confirmed yet. */
export type Pending = {
  id: string;
  text: string;
  attachments?: Photo[];
  at: string;
  state: 'queued' | 'sending' | 'failed';
  tries: number;
  /** The tab that said it, and what was in its page's cart. */
  by?: string;
  cart?: CartItem[];
  /** Why it failed, in the server's words. */
  reason?: string;
};

/** What is kept in the browser once a first message was written. */
export type Kept = {
  version: 1;
  /** Absent until the server has given one. */
  token?: string;
  conversation: string;
  last_seq: number;
  entries: Entry[];
  pending: Pending[];
  /** Milliseconds that the server's clock is ahead of this device's. */
  skew?: number;
};

/** What tabs tell each other, so that all show the same. */
export type TabMessage =
  /** A follower is there, and has seen this much. */
  | { type: 'join'; conversation: string; last_seq: number; identity?: string }
  /** The leader's answer: what the follower has missed. */
  | { type: 'state'; welcome: Welcome | null; pending: Pending[]; link: Link; failures: number }
  /** The leader is connected anew: all may have missed something. */
  | { type: 'welcomed' }
  | { type: 'frame'; frame: ServerFrame }
  | { type: 'link'; link: Link; failures: number }
  /** A message is new or changed its state. */
  | { type: 'pending'; message: Pending }
  | { type: 'retry' | 'discard'; id: string }
  | { type: 'older'; before: number }
  | { type: 'typing' }
  | { type: 'identity'; identity?: string }
  /** What was unread has been read. */
  | { type: 'seen' }
  | { type: 'gone' }
  /** The shopper deleted the conversation. */
  | { type: 'deleted' };

/** `off`: nobody asked for it. `waiting`: lost, the next attempt is timed. */
export type Link = 'off' | 'connecting' | 'up' | 'waiting';

/** What a view of the conversation is told. Every method is called in the order things happened. */
export type View = {
  /** Drop all that is shown: what follows replaces it. */
  cleared(): void;
  shop(shop: Shop, feedback: Feedback): void;
  greeting(blocks: Block[]): void;
  /** An entry to show at its place by `seq`; `live` when it was said just now, `mine` when this tab is to act on it. */
  entry(entry: Entry, live: boolean, mine: boolean): void;
  /** What came was read in another tab. */
  seen(): void;
  /** A message of this browser is new or changed its state. */
  pending(message: Pending): void;
  discarded(id: string): void;
  /** Are there older entries than those shown? */
  more(older: boolean): void;
  typing(): void;
  /** The page's word for who is signed in there. */
  identity(): string | undefined;
  /** What is in the page's own cart, where the page says so. */
  cart(): CartItem[] | undefined;
  /** The path of the page. */
  page(): string;
  /** Something that the page may want to know. */
  trouble(code: string, message: string): void;
  link(link: Link, failures: number): void;
};
