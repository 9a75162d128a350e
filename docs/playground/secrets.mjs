/** What the platform and LakiConnect share, and nobody else may learn. */
export const API_KEY = 'lk_pub_demo:lk_sec_demo';
export const WEBHOOK_SECRET = 'whsec_demo';
