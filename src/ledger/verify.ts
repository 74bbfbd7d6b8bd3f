import { createPublicKey, type KeyObject } from 'node:crypto';
    this.#report = { establishment, environment: null, ...nothing, restores: [], problems: [] };
