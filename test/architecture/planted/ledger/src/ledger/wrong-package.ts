import canonicalize from 'canonicalize';
export const bytes = canonicalize;
