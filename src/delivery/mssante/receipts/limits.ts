import { limits } from '../../../words/limits.ts';

export const receiptLimits = limits({
  ofOneMail: {
    value: 50,
    unit: 'receipts',
    why: 'of one mail to one recipient: a few DSN and one MDN for each reader; what comes beyond is a loop, and is set aside',
  },
});
