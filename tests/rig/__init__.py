"""The test rig: everything real, privately, on loopback, in one folder. See tests/stack."""
