/** What an app has of the platform that shows it. */
export interface AppBridge {
  readonly method: {
    /**
     * Calls a method of the platform. Rejects with an `Error`: with the platform's reason, or when it has not answered
     * within 30 seconds.
     */
    call<T = unknown>(name: string, ...args: unknown[]): Promise<T>;
    /**
     * Lets the platform call a function of the app, in place of the one before of this name. What it returns, or what the
     * promise comes to, is sent back and has to be of what `structuredClone` takes.
     */
    expose(name: string, fn: (...args: any[]) => unknown): void;
  };
  readonly event: {
    /** Has `callback` called with every event of this topic, until the function that is returned is called. */
    subscribe<T = unknown>(topic: string, callback: (payload: T) => unknown): () => void;
    /** Tells the platform of something. Resolves when it has confirmed that it heard; rejects after 30 seconds. */
    publish(topic: string, payload?: unknown): Promise<void>;
  };
}

/**
 * The bridge to the platform whose frame the app is in: one for the page, however often it is asked for. Ask early, since
 * a platform may offer it only once. Where no platform is, the promise stays pending.
 */
export function createAppBridge(): Promise<AppBridge>;
