"""Twisted: the listeners for MLLP and SOAP, and the service they ask for every answer."""
