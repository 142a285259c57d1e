"""The docks around the connector pages, each a widget made from the session: `XxxDock(session, tasks=window_tasks)`.

    traffic.TrafficDock              list of frames with filter, paired answers and latency, and the inspector beside it
    configuration.ConfigurationDock  the configuration keys, read and set
    central.CentralDock              the built-in central system: commands, answers, transactions, tags, behaviour
    event_log.EventLogDock           what happened, in lines for people

`main_window` places them and answers their wishes (`CentralDock.built_in_wished`). A dock notices by itself when the
session gets a station or a central system, and when the palette changes.
"""
