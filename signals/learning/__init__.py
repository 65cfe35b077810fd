"""What the pages under /learn/ teach, as data: the items of the form, the rule on plans, and what is often got wrong.

Pure: no Django, no archive. Every word here is our own; sources are named by rule, release, study or form.
"""
