// Holds that `index.d.ts` says what the code does, and that it reads as apps use it. Compiled, never run, not published.
import type { AppBridge, createAppBridge as declared } from './index.d.ts';
import { createAppBridge } from './src/index.js';

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
export const theCodeIsDeclared: Same<typeof createAppBridge, typeof declared> = true;

export async function anApp(): Promise<string> {
  const appBridge: AppBridge = await createAppBridge();
  appBridge.method.expose('add', (a: number, b: number) => a + b);
  const unsubscribe: () => void = appBridge.event.subscribe('CustomerChanged', async ({ customerId }: { customerId: string }) => customerId);
  unsubscribe();
  await (appBridge.event.publish('Saved', { id: 1 }) satisfies Promise<void>);
  const token: string = await appBridge.method.call<string>('getSessionToken');
  const customer = await appBridge.method.call('getCurrentCustomerId');
  // @ts-expect-error What comes from elsewhere is unknown until somebody says what it is.
  customer.length;
  // @ts-expect-error The surface is the documented one and no more.
  appBridge.method.remove('add');
  // @ts-expect-error Nobody replaces its parts.
  appBridge.method = appBridge.method;
  return token;
}
