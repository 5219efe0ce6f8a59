import { openBridge } from './bridge.js';

/** @import { AppBridge } from '../index.d.ts' */

/** @type {Promise<AppBridge> | undefined} */
let bridge;

/** @returns {Promise<AppBridge>} */
export function createAppBridge() {
  if (typeof window === 'undefined') return new Promise(() => {});
  return (bridge ??= openBridge(window));
}
