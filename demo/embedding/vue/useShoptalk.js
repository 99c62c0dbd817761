import { onScopeDispose, ref, watch } from 'vue';
import { shoptalk } from 'shoptalk-widget';

/** The chat, once for the whole application; `path`, `cart` and `customer` are refs. */
export function useShoptalk({ server, path, cart, customer }) {
  const unread = ref(0);
  void shoptalk.mount({ server });
  // A function, so that the chat always sees the cart as it is.
  void shoptalk.setCart(() => cart.value);
  const stop = [
    shoptalk.on('unread', (now) => (unread.value = now.unread)),
    shoptalk.on('cart', ({ lines }) => (cart.value = lines)),
  ];
  watch(path, (now) => shoptalk.setPage(now), { immediate: true });
  watch(customer, (now) => shoptalk.identify(now), { immediate: true });
  onScopeDispose(() => stop.forEach((off) => off()));
  return { unread, open: shoptalk.open };
}
