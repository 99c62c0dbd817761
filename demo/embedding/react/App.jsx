import { useState } from 'react';
import { PRODUCTS, SERVER } from '../shop.js';
import { useShoptalk } from './useShoptalk.js';

export function App() {
  const [product, setProduct] = useState(PRODUCTS[0]);
  const [cart, setCart] = useState([]);
  const chat = useShoptalk({ server: SERVER, path: product.path, cart, onCart: setCart, customer: null });
  const pieces = cart.reduce((sum, { quantity }) => sum + quantity, 0);
  return (
    <>
      <nav>{PRODUCTS.map((one) => <button key={one.sku} onClick={() => setProduct(one)}>{one.title}</button>)}</nav>
      <h1>{product.title}</h1>
      <p>In your cart: <output>{pieces}</output></p>
      <button onClick={() => setCart([...cart, { sku: product.sku, quantity: 1, price: product.price }])}>Add to the cart</button>
      <button onClick={() => chat.open({ draft: `About the ${product.title}: ` })}>Ask about it</button>
    </>
  );
}
