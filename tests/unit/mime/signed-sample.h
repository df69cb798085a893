/* signed-sample.h - an S/MIME envelope, signed and not locked, in base64: "I signed this." and a file that says "in it" */
#ifndef KAIRAN_TESTS_MIME_SIGNED_SAMPLE_H
#define KAIRAN_TESTS_MIME_SIGNED_SAMPLE_H

#define SIGNED \
    "MIIBiwYJKoZIhvcNAQcCoIIBfDCCAXgCAQExDTALBglghkgBZQMEAgEwgdEGCSqGSIb3DQEHAaCB\r\n" \
    "wwSBwENvbnRlbnQtVHlwZTogbXVsdGlwYXJ0L21peGVkOyBib3VuZGFyeT1pDQoNCi0taQ0KQ29u\r\n" \
    "dGVudC1UeXBlOiB0ZXh0L3BsYWluDQoNCkkgc2lnbmVkIHRoaXMuDQotLWkNCkNvbnRlbnQtVHlw\r\n" \
    "ZTogdGV4dC9wbGFpbg0KQ29udGVudC1EaXNwb3NpdGlvbjogYXR0YWNobWVudDsgZmlsZW5hbWU9\r\n" \
    "ImEudHh0Ig0KDQppbiBpdA0KLS1pLS0NCjGBjzCBjAIBATAkMAwxCjAIBgNVBAMMAXQCFFLvKZY2\r\n" \
    "48w6x5skn1z7idumNXb8MAsGCWCGSAFlAwQCATAKBggqhkjOPQQDAgRIMEYCIQCb4aDWtml9IEEt\r\n" \
    "BIGuvpMEZZOpken+AAskN8ADggpoAgIhAKedncosMIezvj6g6AtJBWy4RmC0Sw39cxCDOnillj4C\r\n"

#endif
