-- The other trade: only patrons with this setting are reported. Whoever may read patron settings then reads who takes part.
-- Run it after install.sql. The value must be true or false: Evergreen compares with 'true', which a date never is.
begin;
insert into config.usr_setting_type (name, opac_visible, label, description, datatype)
values ('commonplace.reading_history', true, 'Keep a private reading history',
        'Report my loans to the library''s catalogue, where only I can read my history', 'bool');
update action_trigger.event_definition
   set usr_field = 'usr', opt_in_setting = 'commonplace.reading_history'
 where granularity = 'commonplace';
commit;
