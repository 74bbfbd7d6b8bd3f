/** Namespace of the functions of XPath. */
export const FN_NS = 'http://www.w3.org/2005/xpath-functions';
/** Namespace of the types of XML Schema, and of their constructor functions. */
export const XS_NS = 'http://www.w3.org/2001/XMLSchema';
