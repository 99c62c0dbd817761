// A handful of goods and replies in the protocol's shapes: enough to show every block.

export const SHOP = { name: 'Alder & Pine', currency: 'EUR', language: 'en', languages: ['en', 'de'], people: 'open', hours: 'Mon to Fri 9:00 to 17:00' };

const eur = (amount) => ({ minor: Math.round(amount * 100), currency: 'EUR' });
const text = (words, source = { kind: 'text', id: 'fake' }) => ({ text: words, source });
const field = (sku, name) => ({ kind: 'product', sku, field: name });
const choice = (label, say) => ({ label, ...(say && { say }), source: { kind: 'text', id: 'choice' } });

const GOODS = [
  ['ALDER-SOCKS', 'Alder wool socks', ['Clothing', 'Socks'], 14, null, 'socks', 'navy grey rust', 'S M L', 'Thick ribbed socks in Norwegian wool, warm when wet and soft from the first day.', 4.8],
  ['FJORD-SOCKS', 'Fjord hiking socks', ['Clothing', 'Socks'], 17.5, 22, 'socks', 'olive charcoal', 'M L', 'Cushioned at heel and toe, thin over the instep. Made for boots.', 4.6],
  ['TARN-SOCKS', 'Tarn bed socks', ['Clothing', 'Socks'], 12, null, 'socks', 'cream burgundy', '', 'Loose, brushed and very warm: for the sofa and under the duvet.', 4.4],
  ['BIRCH-CAP', 'Birch ribbed cap', ['Clothing', 'Caps'], 24, null, 'cap', 'mustard teal charcoal', '', 'A close cap in merino that fits under a hood.', 4.7],
  ['ROWAN-MITTENS', 'Rowan mittens', ['Clothing', 'Mittens'], 29, null, 'mittens', 'red navy', 'S M L', 'Double-knit with the eight-petal rose, felted inside.', 4.9],
  ['HEATH-SWEATER', 'Heath fisherman sweater', ['Clothing', 'Sweaters'], 119, 149, 'sweater', 'cream navy olive', 'S M L XL', 'A heavy half-cardigan rib in undyed wool. Grows softer every winter.', 4.8],
  ['JUNIPER-SCARF', 'Juniper scarf', ['Clothing', 'Scarves'], 39, null, 'scarf', 'teal sand', '', 'Two metres of lambswool with a short fringe.', 4.5],
  ['TRAIL-VEST', 'Trail vest', ['Clothing', 'Vests'], 69, null, 'vest', 'black green', 'S M L', 'Light, windproof and packs into its own pocket.', 4.3],
  ['STORM-JACKET', 'Storm shell jacket', ['Clothing', 'Jackets'], 189, null, 'jacket', 'orange navy', 'S M L XL', 'Three layers against sideways rain, with a hood that turns with you.', 4.6],
  ['CAMP-MUG', 'Enamel camp mug', ['Outdoor', 'Kitchen'], 13.5, null, 'mug', 'white blue', '', 'Holds three decilitres and survives any drop.', 4.7],
  ['DAY-PACK', 'Day pack 22 l', ['Outdoor', 'Bags'], 89, null, 'backpack', 'rust olive', '', 'Waxed canvas, leather straps and one honest big pocket.', 4.8],
  ['FIRE-BLANKET', 'Campfire blanket', ['Home', 'Blankets'], 79, 95, 'blanket', 'grey rust', '', 'Recycled wool, spark-proof enough for long evenings.', 4.9],
  ['PINE-CANDLE', 'Pine resin candle', ['Home', 'Candles'], 18, null, 'candle', 'green cream', '', 'Forty hours of a cabin after snowfall.', 4.2],
  ['STONE-LAMP', 'Stone table lamp', ['Home', 'Lamps'], 98, null, 'lamp', 'grey sand', '', 'Soapstone foot, linen shade, a warm 400 lumen.', 4.5],
  ['KETTLE', 'Trail kettle', ['Outdoor', 'Kitchen'], 34, null, 'kettle', 'charcoal', '', 'Boils a litre on any fire in seven minutes.', 4.4],
  ['LINEN-CUSHION', 'Linen cushion', ['Home', 'Cushions'], 32, null, 'cushion', 'mustard teal sand', '', 'Stone-washed linen with a feather filling.', 4.6],
];

export const PRODUCTS = GOODS.map(([sku, title, category, price, was, shape, colours, sizes, description, rating], at) => {
  const options = colours.split(' ').flatMap((colour) => (sizes ? sizes.split(' ').map((size) => ({ colour, size })) : [{ colour }]));
  return {
    sku,
    title,
    category,
    brand: 'Alder & Pine',
    description,
    attributes: { material: category[0] === 'Clothing' ? 'wool' : 'mixed', care: 'hand wash, 30 °C' },
    image: `/pictures/${shape}/${colours.split(' ')[0]}.svg`,
    url: `/products/${sku.toLowerCase()}`,
    rating,
    variants: options.map((chosen, nth) => ({
      sku: `${sku}-${Object.values(chosen).join('-').toUpperCase()}`,
      options: chosen,
      price: eur(price),
      was: was ? eur(was) : null,
      stock: at === 12 ? 0 : (at * 7 + nth * 3) % 23,
    })),
  };
});

const stockOf = (left) => (left === 0 ? { state: 'out' } : left <= 5 ? { state: 'low', left } : { state: 'in_stock' });

export function card(product, ...why) {
  const [variant] = product.variants;
  const stock = product.variants.reduce((sum, one) => sum + one.stock, 0);
  const names = [...new Set(product.variants.flatMap((one) => Object.keys(one.options)))];
  return {
    sku: product.sku,
    title: product.title,
    url: product.url,
    image: product.image,
    price: variant.price,
    from: false,
    ...(variant.was && { was: variant.was }),
    stock: stockOf(stock),
    options: names.map((name) => ({ name, values: [...new Set(product.variants.map((one) => one.options[name]))] })),
    rating: product.rating,
    variants: product.variants.length < 2 ? [] : product.variants.map((one) => ({
      sku: one.sku,
      values: names.map((name) => one.options[name] ?? ''),
      // The largest costs a little more, so that there is something to see.
      ...(one.options.size === 'XL' && { price: eur(one.price.minor / 100 + 10), was: one.was }),
      stock: stockOf(one.stock),
      image: `/pictures/${product.image.split('/')[2]}/${one.options.colour}.svg`,
    })),
    ...(stock > 0 && { add: choice('Add to cart', 'Put {what} in my cart') }),
    why: why.map((words) => text(words, field(product.sku, 'why'))),
  };
}

const ORDER = {
  type: 'order',
  number: 'SH-10024',
  status: 'shipped',
  headline: text('On its way with PostNord'),
  placed_on: '2026-11-14',
  expected_on: '2026-11-20',
  parcels: [{ carrier: 'PostNord', tracking: { number: 'PN 8842 0031 7NO', url: 'https://tracking.example/PN884200317NO' } }],
  timeline: [
    { status: 'placed', label: text('Order placed'), on: '2026-11-14' },
    { status: 'paid', label: text('Paid'), on: '2026-11-14' },
    { status: 'packed', label: text('Packed'), on: '2026-11-16' },
    { status: 'shipped', label: text('Shipped'), on: '2026-11-17' },
    { status: 'delivered', label: text('Delivered') },
  ],
  items: [
    { title: 'Alder wool socks', variant: 'M, navy', quantity: 2, price: eur(14) },
    { title: 'Birch ribbed cap', variant: 'mustard', quantity: 1, price: eur(24) },
  ],
  total: eur(56.9),
};

const says = (...lines) => ({ type: 'text', lines: lines.map((line) => (typeof line === 'string' ? text(line) : line)) });
const offers = (...labels) => ({ type: 'choices', choices: labels.map((label) => choice(label)) });

export const GREETING = [
  says('Good evening, and welcome to Alder & Pine. I am the automated assistant. What can I do for you?'),
  offers('Where is my order', 'Help me find something', 'How do I return something?', 'Talk to a person'),
];

const article = (title) => ({ kind: 'article', id: 'a#b', title });

const RETURN = {
  type: 'return', rma: 'RT-7F3K2', order: 'SH-10045', state: 'open', headline: text('Return RT-7F3K2'),
  items: [{ title: 'Alder wool socks', variant: 'M, charcoal', quantity: 1, price: eur(14) }],
  reason: text('Too small'), wish: text('Swap for L, charcoal'), next: [text('We send L, charcoal once your parcel reaches us.')],
  label: { label: text('Return label'), url: 'https://example.org/returns/RT-7F3K2' },
};

const CART = {
  type: 'cart',
  lines: PRODUCTS.slice(0, 2).map((product, at) => ({
    ...card(product),
    variant: at === 0 ? 'M, navy' : '',
    quantity: 2 - at,
    less: choice(at === 0 ? 'Change number 1 in my cart to 1' : 'Remove number 2 from my cart'),
    more: choice(`Change number ${at + 1} in my cart to ${3 - at}`),
    remove: choice(`Remove number ${at + 1} from my cart`),
  })),
  goods: { minor: 4700, currency: 'EUR' },
  discount: { label: text('Code WELCOME10'), amount: { minor: -470, currency: 'EUR' } },
  shipping: { label: text('Shipping'), amount: { minor: 490, currency: 'EUR' } },
  total: { minor: 4720, currency: 'EUR' },
  note: text('Prices include VAT.'),
  code: 'WELCOME10',
};

/** A row of cards, as the server makes it. */
const row = (...items) => ({ type: 'products', items, ...(items.length > 1 && { compare: choice('Compare these', 'Compare {what}') }) });

/** Finds the product, and the variant when its values are all said. */
function put(said) {
  const product = PRODUCTS.find((one) => said.includes(one.title.toLowerCase())) ?? PRODUCTS[0];
  const variant = product.variants.find((one) => said.includes([product.title, ...Object.values(one.options)].join(', ').toLowerCase() + ' in my cart'));
  if (!variant) return [says(`Which size of ${product.title}?`), offers('S', 'M', 'L')];
  const line = { ...CART.lines[0], sku: variant.sku, title: product.title, image: product.image, variant: Object.values(variant.options).join(', ') };
  return [says(`1 × ${product.title} is in your cart.`), { ...CART, lines: [line, CART.lines[1]] }, offers('To the checkout')];
}

/** One of each, the protocol's whole tongue. */
function everyBlock() {
  return [
    says('Here is **everything** there is, with *emphasis*, a [link to the shop](/) and one [away](https://example.org/).\n\n- one\n- two'),
    says(text('It takes 2 to 3 working days to Norway.', { ...article('Shipping abroad'), url: '/' })),
    { type: 'image', url: '/pictures/sweater/cream.svg', alt: text('A cream sweater') },
    { type: 'link', label: text('Size guide'), url: '/' },
    { type: 'form', prompt: text('Leave your e-mail and they answer there first thing.'), fields: [{ kind: 'email', label: text('Your e-mail'), autocomplete: 'email' }, { kind: 'order_number', label: text('Order number') }], submit: choice('Send') },
    { type: 'comparison', products: PRODUCTS.slice(0, 2).map((product) => card(product)), rows: [{ name: 'warmth', values: [text('very warm'), null] }, { name: 'material', alike: true, values: [text('wool'), text('wool')] }] },
    row(...PRODUCTS.slice(0, 6).map((product) => card(product, 'Wool, and under 20.00.'))),
    CART,
    { ...ORDER, parcels: [...ORDER.parcels, { carrier: 'Bring', tracking: { number: '370 7227 0001 99', url: 'https://tracking.example/370' } }] },
    RETURN,
    { type: 'handoff', state: 'out_of_hours', message: text('Our team is back tomorrow at 9:00 (Oslo time).') },
    { type: 'unheard_of', what: 'a block of a later version' },
    { type: 'choices', prompt: text('Do you mean:'), choices: [choice('Change my delivery address'), choice('Change an order'), choice('Something else', 'help')] },
  ];
}

const HOSTILE = `"'><img src=x onerror="window.__pwned=1"><script>window.__pwned=1</script>{what}\u202e`;

/** The same shapes with markup for every word and scripts for every address. */
function poisoned(value, key = '') {
  if (Array.isArray(value)) return value.map((one) => poisoned(one, key));
  if (value && typeof value === 'object') return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, poisoned(one, name)]));
  if (typeof value !== 'string' || ['type', 'kind', 'currency', 'state'].includes(key)) return value;
  return ['url', 'image'].includes(key) ? 'javascript:window.__pwned=1' : HOSTILE;
}

/** The fake's whole wit: words in the message → blocks. The first that fits answers. */
const REPLIES = [
  [/^hostile/, () => poisoned(everyBlock())],
  [/every block/, () => everyBlock()],
  [/^cart beside$/, () => [{ ...CART, lines: [CART.lines[0], { ...CART.lines[1], id: '77', quantity: 1 }], beside: [{ sku: 'BY-THEME', quantity: 1 }] }]],
  [/^([a-z]+) only$/, (said) => everyBlock().filter((block) => block.type === said.split(' ')[0])],
  [/^put .* in my cart/, put],
  [/norway|ship/, () => [says(text('Yes: 9.90 to Norway, free from 120. It takes 2 to 3 working days.', article('Shipping abroad')))]],
  [/@/, () => [says('Thanks, here it is.'), ORDER, offers('What goes with it?', 'Talk to a person')]],
  [/order/, () => [says('Thanks. Which e-mail address did you order with?')]],
  [/difference|^compare/, () => [says('Side by side: Alder wool socks · Birch hiking socks'), { type: 'comparison', products: PRODUCTS.slice(0, 2).map((product) => card(product)), rows: [{ name: 'price', values: [text('14.00'), text('19.00')] }, { name: 'warmth', values: [text('very warm'), null] }, { name: 'material', alike: true, values: [text('merino wool'), text('merino wool')] }] }]],
  [/my cart/, () => [says('Your cart:'), CART, offers('To the checkout')]],
  [/goes with/, () => [says('Often bought together:'), row(card(PRODUCTS[4], 'Bought together in 34 of 120 baskets.'))]],
  [/sock/, () => [
    says('Three warm ones under 20.00:'),
    row(...PRODUCTS.slice(0, 3).map((product) => card(product, 'Wool, and under 20.00.', `Rated ${product.rating} of 5.`))),
    offers('What goes with it?', 'Show me mittens'),
  ]],
  [/person|human/, () => [{ type: 'handoff', state: 'waiting', message: text("I've asked our team to join you here. They see this conversation, so there is nothing to repeat.") }]],
  [/link to nowhere/, () => [
    says('[tap me](javascript:window.__pwned=1) and <img src=x onerror="window.__pwned=1">'),
    { type: 'link', label: text('<b>tap</b>'), url: 'javascript:window.__pwned=1' },
    { type: 'image', url: 'data:text/html,<script>window.__pwned=1</script>', alt: text('a picture of "><script>window.__pwned=1</script>') },
    { type: 'products', items: [{ ...card(PRODUCTS[0]), title: '<script>window.__pwned=1</script>', url: 'javascript:window.__pwned=1' }] },
  ]],
  [/delete my data/, () => [says('Shall I delete this conversation for good? It cannot be undone.'), offers('Delete now', 'Keep it')]],
  [/long answer/, () => [says(...Array.from({ length: 20 }, (_, at) => `Sentence ${at + 1} of a long answer that goes on for a while, as some do.`))]],
];

/** @param {string} said */
export function reply(said) {
  const found = REPLIES.find(([words]) => words.test(said.toLowerCase()));
  if (found) return found[1](said.toLowerCase());
  return [
    says("I don't have an answer to that."),
    { type: 'choices', prompt: text('Closest things I know:'), choices: [choice('Do you ship to Norway?'), choice('How do I return something?'), choice('Talk to a person')] },
  ];
}

const PAINT = { navy: '#31456a', grey: '#9a9a95', rust: '#b2552f', olive: '#6d6f45', charcoal: '#3f4346', cream: '#efe6d2', burgundy: '#6e2a3a', mustard: '#d09a35', teal: '#2f6f73', red: '#b23a35', sand: '#d9c7a3', black: '#2b2b2d', green: '#4d7355', orange: '#d27233', white: '#f4f2ec', blue: '#4a78a8' };

/** A stand-in for the drawn pictures. @param {string} shape @param {string} colour */
export function picture(shape, colour) {
  const main = PAINT[colour] ?? '#888';
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 400"><rect width="400" height="400" fill="${main}" opacity=".16"/><rect x="105" y="95" width="190" height="210" rx="46" fill="${main}"/><text x="200" y="350" text-anchor="middle" font-family="sans-serif" font-size="22" fill="#555">${shape}</text></svg>`;
}
