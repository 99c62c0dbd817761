// What the small shop sells, the same for each of its makers.

export const PRODUCTS = [
  { sku: 'ALDER-SOCKS-NAVY-M', title: 'Alder wool socks', price: 14, path: '/products/alder-wool-socks' },
  { sku: 'BIRCH-CAP-MUSTARD', title: 'Birch ribbed cap', price: 24, path: '/products/birch-ribbed-cap' },
  { sku: 'CAMP-MUG-WHITE', title: 'Enamel camp mug', price: 13.5, path: '/products/enamel-camp-mug' },
];

/** Where the chat is served; here it is where the page is. */
export const SERVER = globalThis.location?.origin;
