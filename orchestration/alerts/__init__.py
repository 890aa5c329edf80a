"""Alerts: who is told what is new, once, through apprise; `sending.send_news` does it."""
