-- Takes up what could not be sent, once Commonplace answers again: Evergreen counts a refused request as done. Repeats are harmless.
begin;
create temporary table commonplace_unsent on commit drop as
select event.id, template_output, error_output, async_output
  from action_trigger.event join action_trigger.event_definition definition on definition.id = event_def
 where granularity = 'commonplace' and (error_output is not null or state = 'error');
update action_trigger.event
   set state = 'pending', start_time = null, update_time = null, complete_time = null, update_process = null,
       template_output = null, error_output = null, async_output = null
 where id in (select id from commonplace_unsent);
delete from action_trigger.event_output
 where id in (select unnest(array[template_output, error_output, async_output]) from commonplace_unsent);
commit;
