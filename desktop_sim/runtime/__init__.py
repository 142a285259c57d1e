"""Drivers that let a station live: real time, accelerated, virtual and replay."""
