"""The docks around the connector pages, each a widget made from the session alone: `XxxDock(session: StationSession)`.

    traffic.TrafficDock              list of frames with filter, paired answers and latency, and the inspector beside it
    configuration.ConfigurationDock  the configuration keys, read and set
    central.CentralDock              the built-in central system: commands, answers, charge points, transactions, tags
    event_log.EventLogDock           what happened, in lines for people

`main_window` only places them. They are written beside the main window by a second pair of hands; whoever builds the
main window need not write them again.
"""
