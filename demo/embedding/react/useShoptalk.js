import { useEffect, useState } from 'react';
import { shoptalk } from 'shoptalk-widget';

/**
 * The chat, once for the whole application. `cart` is an array of lines; `onCart` gets those that the chat has changed.
 */
export function useShoptalk({ server, path, cart, onCart, customer }) {
  const [unread, setUnread] = useState(0);
  // Strict mode runs this twice: mounting what is mounted does nothing.
  useEffect(() => void shoptalk.mount({ server }), [server]);
  useEffect(() => shoptalk.on('unread', (now) => setUnread(now.unread)), []);
  useEffect(() => shoptalk.on('cart', ({ lines }) => onCart(lines)), [onCart]);
  useEffect(() => void shoptalk.setCart(cart), [cart]);
  useEffect(() => void shoptalk.setPage(path), [path]);
  useEffect(() => void shoptalk.identify(customer), [customer]);
  return { unread, open: shoptalk.open };
}
