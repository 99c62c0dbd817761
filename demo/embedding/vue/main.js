import { computed, createApp, h, ref } from 'vue';
import { PRODUCTS, SERVER } from '../shop.js';
import { useShoptalk } from './useShoptalk.js';

const App = {
  setup() {
    const product = ref(PRODUCTS[0]);
    const cart = ref([]);
    const path = computed(() => product.value.path);
    const pieces = computed(() => cart.value.reduce((sum, { quantity }) => sum + quantity, 0));
    const chat = useShoptalk({ server: SERVER, path, cart, customer: ref(null) });
    const add = () => (cart.value = [...cart.value, { sku: product.value.sku, quantity: 1, price: product.value.price }]);
    return () => [
      h('nav', PRODUCTS.map((one) => h('button', { onClick: () => (product.value = one) }, one.title))),
      h('h1', product.value.title),
      h('p', ['In your cart: ', h('output', pieces.value)]),
      h('button', { onClick: add }, 'Add to the cart'),
      h('button', { onClick: () => chat.open({ draft: `About the ${product.value.title}: ` }) }, 'Ask about it'),
    ];
  },
};

createApp(App).mount('#app');
